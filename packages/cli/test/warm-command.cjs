'use strict';
// Runs one command line after another in one process, each as if it were alone: its working folder, its
// environment, what it prints and its exit status.
const { main } = require('../bundle/main.cjs');

const SIGNALS = ['SIGINT', 'SIGTERM'];

process.on('message', async ({ args, cwd, env }) => {
  const out = capture(process.stdout);
  const err = capture(process.stderr);
  process.exitCode = 0;
  process.chdir(cwd);
  process.env = env;
  let failure = null;
  try {
    await main('tandem', args);
  } catch (error) {
    failure = String(error?.stack ?? error);
  }
  // A run listens for signals until its process ends.
  for (const name of SIGNALS) process.removeAllListeners(name);
  process.send({ failure, status: process.exitCode, signal: null, stdout: out.end(), stderr: err.end() });
});
process.on('disconnect', () => process.exit());

/** Takes what is written to a stream, until end() is called. */
function capture(stream) {
  const chunks = [];
  const { write } = stream;
  stream.write = (chunk, ...rest) => {
    chunks.push(Buffer.from(chunk));
    const done = rest.at(-1);
    if (typeof done === 'function') setImmediate(done);
    return true;
  };
  return {
    end() {
      stream.write = write;
      return Buffer.concat(chunks).toString();
    },
  };
}
