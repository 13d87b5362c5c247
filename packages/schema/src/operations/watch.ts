import { TandemError } from '@tandem/engine';
import { TreeWatcher } from '../watch/tree-watcher.ts';
import type { WatchEvent } from '../watch/watch-event.ts';
import { WatchedBuild, type WatchedBuildOptions } from '../watch/watched-build.ts';
import { requestOf } from './build-project.ts';

/**
 * Builds, and builds again whenever a file, a folder or the configuration changes. The first event reports
 * the first build; iteration ends when the signal is aborted or the loop over it is left.
 * @throws {TandemError} for a configuration that is invalid at the start; ERR_TANDEM_WATCH_FAILED
 */
export async function* watchProject(
  options: WatchedBuildOptions,
): AsyncGenerator<WatchEvent, void, undefined> {
  requestOf(options.readProject(), []);
  const watcher = new TreeWatcher();
  const { signal } = options.run;
  // Closes the watcher even while the consumer does not request the next event: a watcher keeps the process
  // alive.
  const onAbort = (): void => watcher.close();
  signal?.addEventListener('abort', onAbort);
  try {
    const build = new WatchedBuild(options, watcher);
    let touched: ReadonlySet<string> | null = new Set<string>();
    while (touched !== null) {
      const event = await build.run(touched);
      if (event !== null) yield event;
      touched = await watcher.next(signal);
    }
  } catch (error) {
    // An abort is the normal end of a watch.
    if (!TandemError.isTandemError(error) || error.code !== 'ERR_TANDEM_ABORTED') throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    watcher.close();
  }
}
