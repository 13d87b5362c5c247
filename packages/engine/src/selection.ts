import type { LoadFailure } from './addon.ts';

export type EngineName = 'native' | 'typescript';

/** 'auto' takes the native engine where it is there and goes on in TypeScript where it is not or fails. */
export type EnginePreference = 'auto' | EngineName;

/** Which engine works, and why. */
export interface Selection {
  readonly engine: EngineName;
  /** One line. */
  readonly reason: string;
  /** The file of the loaded addon, also when it is not the engine at work. */
  readonly path?: string;
  /** The ABI number of the loaded addon. */
  readonly abi?: number;
  /** The candidates that were passed over. */
  readonly failures: readonly LoadFailure[];
}
