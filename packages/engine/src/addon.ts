/** One place where an addon may be. */
export interface AddonCandidate {
  readonly origin: 'path' | 'checkout' | 'package';
  /** An absolute path, or a package name where origin is 'package'. */
  readonly specifier: string;
  /** For a package: `import.meta.url` of the module whose package depends on it; without it, this package's own. */
  readonly from?: string;
  /** Why it is not to be loaded, where that is known beforehand; it is then reported as a failure. */
  readonly refused?: string;
}

/** What the engine layer has to know about an addon, and all that it knows. */
export interface AddonDescriptor<Addon extends { abiVersion(): number }> {
  /** Used in reports and as a key of the calibration. */
  readonly name: string;
  /** `abiVersion()` of a loaded addon must be exactly this: a stale build is the quiet killer. */
  readonly abi: number;
  /** Where to look, first choice first. Called once a host, when the engine is chosen for the first time. */
  candidates(): readonly AddonCandidate[];
  /** What a user can do when there is no addon, each a line that can be followed. */
  readonly cures: readonly string[];
  /**
   * Errors of the addon, beside those with a code of spec/error-codes.json, that are the answer and no failure of the
   * engine. They are thrown as they are.
   */
  isDomainError?(error: unknown): boolean;
  /** Only for type inference of `Addon`; never set. */
  readonly addon?: Addon;
}

/** Why a candidate was not taken. */
export interface LoadFailure {
  readonly candidate: AddonCandidate;
  /** One line. */
  readonly reason: string;
  /** The words of the system, outermost first; empty where the reason says it all. */
  readonly causes: readonly string[];
}
