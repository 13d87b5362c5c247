import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The cluster folders of this process. */
export function clustersLeft(): string[] {
  const own = `-${process.pid}-`;
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith('tandem-pg-'));
  return folders.filter((name) => {
    try {
      return readFileSync(join(tmpdir(), name, 'owner'), 'utf8').includes(own);
    } catch {
      return false;
    }
  });
}

/** Processes below this one whose command line names a cluster. */
export function serversLeft(): string[] {
  const list = execFileSync('ps', ['-eo', 'ppid=,args='], { encoding: 'utf8' });
  const own = new RegExp(`^\\s*${process.pid}\\s.*tandem-pg-`);
  return list.split('\n').filter((line) => own.test(line));
}

/** Sessions that run a SELECT, of servers below this process. */
export function statementsUnderWay(): string[] {
  const list = execFileSync('ps', ['-eo', 'ppid=,pid=,args='], { encoding: 'utf8' }).split('\n');
  const servers = list.map(
    (line) => new RegExp(`^\\s*${process.pid}\\s+(\\d+)\\s.*tandem-pg-`).exec(line)?.[1],
  );
  return list.filter((line) => {
    const [parent] = line.trim().split(/\s+/);
    return servers.includes(parent) && line.includes('[local] SELECT');
  });
}
