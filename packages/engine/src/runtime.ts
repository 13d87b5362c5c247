import { isMainThread } from 'node:worker_threads';

/** Facts about the process; tests supply their own. */
export interface Runtime {
  readonly mainThread: boolean;
  readonly versions: Readonly<Record<string, string | undefined>>;
}

/** The process this code runs in. */
export function currentRuntime(): Runtime {
  return { mainThread: isMainThread, versions: process.versions };
}

/** Why 'auto' does not try an addon here, or null if it may. */
export function unsuitableRuntime({ mainThread, versions }: Runtime): string | null {
  // Each of these has crashed hosts that loaded addons: see docs/engine.md.
  if (versions['bun'] !== undefined) return 'addons are not tried in Bun';
  if (versions['deno'] !== undefined) return 'addons are not tried in Deno';
  if (versions['electron'] !== undefined) return 'addons are not tried in Electron';
  if (!mainThread) return 'addons are not tried in worker threads';
  return null;
}
