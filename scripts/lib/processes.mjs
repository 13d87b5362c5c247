// Child processes of the scripts. Tools are started by path, not by npx, which costs half a second each time.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The output of a child goes to stderr: the stdout of a script is for its own result. */
const TO_STDERR = ['ignore', 2, 2];

/** Runs a command with its output on stderr (or as `stdio` says) and resolves to its exit status. */
export function run(command, args, { stdio = TO_STDERR, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio, ...options });
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
}

/**
 * Runs a command and returns its output; `echo` also shows the output as it arrives, `'stderr'` only that of
 * stderr.
 */
export function capture(command, args, { echo = false, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const stdout = [];
    const stderr = [];
    child.stdout.on('data', (chunk) => {
      stdout.push(chunk);
      if (echo === true) {
        process.stdout.write(chunk);
      }
    });
    child.stderr.on('data', (chunk) => {
      stderr.push(chunk);
      if (echo) {
        process.stderr.write(chunk);
      }
    });
    // A missing command is a result like any other.
    child.on('error', (error) => resolve({ status: 127, stdout: '', stderr: error.message }));
    child.on('close', (status) =>
      resolve({ status: status ?? 1, stdout: text(stdout), stderr: text(stderr) }),
    );
  });
}

function text(chunks) {
  return Buffer.concat(chunks).toString('utf8');
}

/** Runs a JavaScript tool of node_modules with the Node of this process. */
export function nodeTool(path, args, options) {
  return run(process.execPath, [join(ROOT, 'node_modules', path), ...args], options);
}

export function captureNodeTool(path, args, options) {
  return capture(process.execPath, [join(ROOT, 'node_modules', path), ...args], options);
}

/**
 * How to call npm: through the npm that runs this process, if there is one, so that only one version is used.
 */
export function npmCommand(args) {
  const npmCli = process.env['npm_execpath'];
  if (npmCli?.endsWith('npm-cli.js')) {
    return [process.execPath, [npmCli, ...args], {}];
  }
  // On Windows npm is a .cmd file, which only a shell can start.
  const windows = process.platform === 'win32';
  return [windows ? 'npm.cmd' : 'npm', args, { shell: windows }];
}

export function say(line) {
  process.stderr.write(`${line}\n`);
}
