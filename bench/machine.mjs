// The machine on which the figures were measured.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** @param {string} dir a folder on the file system to report */
export function machine(dir) {
  return {
    cpu:
      cpus()[0]
        ?.model.replace(/\((R|TM)\)|CPU|Processor/g, '')
        .replace(/\s+/g, ' ')
        .trim() || 'unknown CPU',
    cores: availableParallelism(),
    memory_gb: Math.round(totalmem() / 1e9),
    // The first two numbers matter; the rest is the name of a build.
    kernel: `${type()} ${release().split('.').slice(0, 2).join('.')}`,
    file_system: fileSystem(dir),
    node: process.versions.node,
    rustc: version('rustc', /rustc (\S+)/),
    python: version('python3', /Python (\S+)/),
  };
}

/** Of the mounts that contain the folder, the longest one is the folder's own. */
function fileSystem(dir) {
  try {
    const mounts = readFileSync('/proc/self/mounts', 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' '));
    const around = mounts.filter(([, at]) => at === '/' || dir === at || dir.startsWith(`${at}/`));
    return around.sort(([, one], [, other]) => one.length - other.length).at(-1)?.[2] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

function version(program, pattern) {
  try {
    return (
      pattern.exec(execFileSync(program, ['--version'], { stdio: 'pipe' }).toString('utf8'))?.[1] ?? null
    );
  } catch {
    return null;
  }
}
