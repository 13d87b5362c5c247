import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import type { AddonCandidate, AddonDescriptor, LoadFailure } from './addon.ts';
import { moduleUrl } from './module-url.ts';
import { causeChain, oneLine } from './words.ts';

/** The result of looking for an addon. */
export interface LoadResult<Addon> {
  readonly addon: Addon | null;
  /** The file of `addon`; undefined if there is none. */
  readonly path?: string;
  /** The candidates before it that were rejected, or all. */
  readonly failures: readonly LoadFailure[];
}

/** Tries the candidates in order, takes the first whose ABI matches, and never throws. */
export function loadAddon<Addon extends { abiVersion(): number }>(
  descriptor: AddonDescriptor<Addon>,
): LoadResult<Addon> {
  const failures: LoadFailure[] = [];
  let candidates: readonly AddonCandidate[] = [];
  try {
    candidates = descriptor.candidates();
  } catch (error) {
    const candidate: AddonCandidate = { origin: 'path', specifier: descriptor.name };
    failures.push({
      candidate,
      reason: `the list of places failed: ${oneLine(error)}`,
      causes: causeChain(error),
    });
  }
  for (const candidate of candidates) {
    try {
      const path = locate(candidate);
      const addon = open(path) as Addon;
      checkAbi(addon, descriptor.abi, path);
      return { addon, path, failures };
    } catch (error) {
      failures.push(failureOf(error, candidate));
    }
  }
  return { addon: null, failures };
}

/** A reason in Tandem's words; the error behind it, if any, is its cause. */
class Refusal extends Error {}

function locate(candidate: AddonCandidate): string {
  if (candidate.refused !== undefined) throw new Refusal(candidate.refused);
  if (candidate.origin === 'package') return resolve(candidate);
  if (!existsSync(candidate.specifier)) throw new Refusal(`${candidate.specifier} does not exist`);
  return candidate.specifier;
}

function resolve({ specifier, from }: AddonCandidate): string {
  try {
    return createRequire(from ?? moduleUrl(import.meta.url)).resolve(specifier);
  } catch (error) {
    // Only for a missing package: a module that an installed addon lacks is a different error.
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new Refusal(`${specifier} is not installed`, { cause: error });
  }
}

function open(path: string): unknown {
  // require() would read a library as cargo names it (.so, .dylib, .dll) as JavaScript.
  if (/\.(node|c?js)$/.test(path)) return createRequire(path)(path);
  const module: { exports: unknown } = { exports: {} };
  process.dlopen(module, path, constants.dlopen.RTLD_LAZY);
  return module.exports;
}

function checkAbi(addon: unknown, wanted: number, path: string): void {
  const { abiVersion } = (addon ?? {}) as { abiVersion?: unknown };
  if (typeof abiVersion !== 'function') throw new Refusal(`${path} reports no ABI; ${wanted} is required`);
  const found: unknown = abiVersion.call(addon);
  if (found === wanted) return;
  // '1' is not 1, and a message that shows both as 1 would confuse.
  if (typeof found === 'number') throw new Refusal(`${path} has ABI ${found}; ${wanted} is required`);
  throw new Refusal(
    `${path} has ABI '${oneLine(found)}' (${typeof found}); the number ${wanted} is required`,
  );
}

function failureOf(error: unknown, candidate: AddonCandidate): LoadFailure {
  try {
    const causes = error instanceof Refusal ? causeChain(error.cause) : causeChain(error);
    return { candidate, reason: explain(error, candidate), causes };
  } catch {
    // The thrown value throws when it is inspected.
    return { candidate, reason: `${candidate.specifier} cannot be loaded: ${oneLine(error)}`, causes: [] };
  }
}

function explain(error: unknown, { specifier }: AddonCandidate): string {
  if (error instanceof Refusal) return error.message;
  const line = oneLine(error);
  if (/GLIBC(XX)?_\d/.test(line)) return `${specifier} needs a newer libc than this system has`;
  if (/invalid ELF header|wrong ELF class|incompatible architecture|not a valid Win32/i.test(line)) {
    return `${specifier} was built for another system`;
  }
  return `${specifier} cannot be loaded: ${line}`;
}
