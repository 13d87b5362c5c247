import type { AddonDescriptor } from './addon.ts';
import type { LoadResult } from './load-addon.ts';
import { type Runtime, unsuitableRuntime } from './runtime.ts';
import type { EnginePreference, Selection } from './selection.ts';
import { TandemError } from './tandem-error.ts';

/**
 * The engine for a preference. `load` is called only if an addon is wanted. Throws
 * ERR_TANDEM_NATIVE_UNAVAILABLE, with causes and cures, if 'native' was requested explicitly and is not
 * available.
 */
export function chooseEngine<Addon extends { abiVersion(): number }>(
  preference: EnginePreference,
  descriptor: AddonDescriptor<Addon>,
  runtime: Runtime,
  load: () => LoadResult<Addon>,
): Selection {
  if (preference === 'typescript') return typescript('asked for by name', []);
  const unsuitable = preference === 'auto' ? unsuitableRuntime(runtime) : null;
  if (unsuitable !== null) return typescript(unsuitable, []);

  const { path, failures } = load();
  if (path !== undefined) {
    const asked = preference === 'native' ? 'asked for by name' : 'found';
    return { engine: 'native', reason: `${asked}: ${path}`, path, abi: descriptor.abi, failures };
  }
  const reason = failures.map((failure) => failure.reason).join('; ') || 'no location to load it from';
  if (preference === 'auto') return typescript(`no addon: ${reason}`, failures);
  const causes = failures.flatMap((failure) => failure.causes);
  throw new TandemError('ERR_TANDEM_NATIVE_UNAVAILABLE', {
    params: { reason },
    ...(descriptor.cures.length > 0 ? { hint: descriptor.cures.join('; or ') } : {}),
    ...(causes.length > 0 ? { cause: new Error(causes.join('\n')) } : {}),
  });
}

function typescript(reason: string, failures: Selection['failures']): Selection {
  return { engine: 'typescript', reason, failures };
}
