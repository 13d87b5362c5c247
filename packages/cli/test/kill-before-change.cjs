'use strict';
// Loaded into a process before anything else: kills it before change number TANDEM_TEST_KILL that it makes to the disk, from 0. There is
// no clearing up after SIGKILL, and no other way to see what is left then.

const fs = require('node:fs');

const CHANGES = [
  'writeSync',
  'ftruncateSync',
  'fchmodSync',
  'fchownSync',
  'fsyncSync',
  'mkdirSync',
  'rmdirSync',
  'linkSync',
  'symlinkSync',
  'renameSync',
  'unlinkSync',
  'rmSync',
];
const WRITES = fs.constants.O_WRONLY | fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_TRUNC;

let left = Number(process.env.TANDEM_TEST_KILL);

function change() {
  if (left === 0) process.kill(process.pid, 'SIGKILL');
  left -= 1;
}

for (const name of CHANGES) {
  const original = fs[name];
  fs[name] = (...args) => {
    change();
    return original(...args);
  };
}

const { openSync } = fs;
fs.openSync = (path, flags, ...rest) => {
  if (typeof flags === 'string' ? flags !== 'r' : (flags & WRITES) !== 0) change();
  return openSync(path, flags, ...rest);
};
