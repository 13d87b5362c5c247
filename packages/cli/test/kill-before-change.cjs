'use strict';
// Preloaded into a process: kills it before its change number TANDEM_TEST_KILL to the disk, counted from 0. A
// process cannot clean up after SIGKILL, and nothing else shows what a kill leaves.

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
