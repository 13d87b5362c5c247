'use strict';

/** Starts the command, or says in one line what is missing where the checkout was not built. */
exports.start = async function start(program) {
  try {
    const { main } = require('../bundle/main.cjs');
    await main(program);
  } catch (error) {
    if (error?.code !== 'MODULE_NOT_FOUND') throw error;
    const checkout = require('node:path').resolve(__dirname, '../../..');
    process.stderr.write(`${program}: Tandem is not built here (run 'npm run build' in ${checkout})\n`);
    process.exitCode = 3;
  }
};
