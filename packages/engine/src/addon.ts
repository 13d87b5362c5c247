import type { SettingVariables } from './settings.ts';

/** A location where an addon may be. */
export interface AddonCandidate {
  readonly origin: 'path' | 'checkout' | 'package';
  /** An absolute path, or a package name where origin is 'package'. */
  readonly specifier: string;
  /**
   * For a package: `import.meta.url` of the module whose package depends on it; default: this package's own.
   */
  readonly from?: string;
  /** A reason not to load it, if one is known beforehand; it is then reported as a failure. */
  readonly refused?: string;
}

/** Everything that the engine layer knows about an addon. */
export interface AddonDescriptor<Addon extends { abiVersion(): number }> {
  /** Names the addon in reports and in the calibration file. */
  readonly name: string;
  /**
   * `abiVersion()` of a loaded addon must be exactly this, because a stale build would give wrong answers
   * silently.
   */
  readonly abi: number;
  /** The locations to try, in order. Called once per host, when the engine is first chosen. */
  candidates(): readonly AddonCandidate[];
  /** The environment variables for runs without options. */
  readonly variables?: SettingVariables;
  /** What a user can do when there is no addon: one instruction per line. */
  readonly cures: readonly string[];
  /**
   * Errors of the addon, besides those with a code of defineErrors(), that are the answer and not a
   * failure of the engine. They are thrown unchanged.
   */
  isDomainError?(error: unknown): boolean;
  /** Only for type inference of `Addon`; never set. */
  readonly addon?: Addon;
}

/** Why a candidate was rejected. */
export interface LoadFailure {
  readonly candidate: AddonCandidate;
  /** One line. */
  readonly reason: string;
  /** The system's messages, outermost first; empty if the reason is complete. */
  readonly causes: readonly string[];
}
