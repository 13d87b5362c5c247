import fs, { type PathLike } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { onTestFinished } from 'vitest';

/** What another program does to a file; crates/tandem-common/src/file/instruments.rs has the same changes. */
export type Change = 'append' | 'empty' | 'overwrite';

const CHANGES: Readonly<Record<Change, (path: PathLike) => void>> = {
  append: (path) => fs.appendFileSync(path, ' '),
  empty: (path) => fs.truncateSync(path),
  overwrite: (path) => {
    const fd = fs.openSync(path, 'r+');
    fs.writeSync(fd, '-', 0);
    fs.closeSync(fd);
  },
};

/**
 * Until the end of the test, changes every file that is read right before one of its reads, counted from 0.
 */
export function changeMeanwhile(change: Change, beforeRead: number): void {
  const { openSync, readSync } = fs;
  const paths = new Map<number, PathLike>();
  const reads = new Map<number, number>();
  const patch = (opened: typeof openSync, read: typeof readSync): void => {
    Object.assign(fs, { openSync: opened, readSync: read });
    syncBuiltinESMExports();
  };
  onTestFinished(() => patch(openSync, readSync));
  patch(
    (path, ...rest) => {
      const fd = openSync(path, ...rest);
      paths.set(fd, path);
      reads.set(fd, 0);
      return fd;
    },
    ((...args: Parameters<typeof readSync>) => {
      const [fd] = args;
      const number = reads.get(fd) ?? 0;
      reads.set(fd, number + 1);
      if (number === beforeRead) CHANGES[change](paths.get(fd) as PathLike);
      return readSync(...args);
    }) as typeof readSync,
  );
}
