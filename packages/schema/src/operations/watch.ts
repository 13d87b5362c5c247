import { TandemError } from '@tandem/engine';
import { TreeWatcher } from '../watch/tree-watcher.ts';
import type { WatchEvent } from '../watch/watch-event.ts';
import { WatchedBuild, type WatchedBuildOptions } from '../watch/watched-build.ts';

/**
 * Builds, and builds again whenever a file, a folder or the configuration changes. The first event is that of the first build; it ends when
 * the signal is aborted or the loop over it is left.
 * @throws {TandemError} for a configuration that is not right when it begins; ERR_TANDEM_WATCH_FAILED
 */
export async function* watchSelected(
  options: Omit<WatchedBuildOptions, 'follow'>,
): AsyncGenerator<WatchEvent, void, undefined> {
  const watcher = new TreeWatcher();
  const { signal } = options.run;
  // Also while nobody asks for the next event: a watcher keeps the process alive.
  const onAbort = (): void => watcher.close();
  signal?.addEventListener('abort', onAbort);
  try {
    const build = new WatchedBuild({ ...options, follow: (folders) => watcher.follow(folders) });
    const first = await build.run({ files: new Set(), tree: true, everything: false });
    if (first !== null) yield first;
    for (;;) {
      const changes = await watcher.next(build.isKnown, signal);
      if (changes === null) return;
      const event = await build.run(changes);
      if (event !== null) yield event;
    }
  } catch (error) {
    // To be told to end is how a watch ends.
    if (!TandemError.isTandemError(error) || error.code !== 'ERR_TANDEM_ABORTED') throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    watcher.close();
  }
}
