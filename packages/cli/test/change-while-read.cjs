'use strict';
// Preloaded into a process: the file that TANDEM_TEST_CHANGED names grows by a byte right before its second
// read, as if another program wrote to it.

const fs = require('node:fs');
const { basename } = require('node:path');

const { openSync, readSync } = fs;
const reads = new Map();

fs.openSync = (path, ...rest) => {
  const fd = openSync(path, ...rest);
  if (basename(String(path)) === process.env.TANDEM_TEST_CHANGED) reads.set(fd, { path, count: 0 });
  else reads.delete(fd);
  return fd;
};

fs.readSync = (fd, ...rest) => {
  const read = reads.get(fd);
  if (read !== undefined) {
    if (read.count === 1) fs.appendFileSync(read.path, ' ');
    read.count += 1;
  }
  return readSync(fd, ...rest);
};
