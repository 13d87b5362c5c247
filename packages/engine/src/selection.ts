import type { LoadFailure } from './addon.ts';

export type EngineName = 'native' | 'typescript';

/** 'auto' takes the native engine if it is available, and continues in TypeScript if it is not or fails. */
export type EnginePreference = 'auto' | EngineName;

/** Which engine works, and why. */
export interface Selection {
  readonly engine: EngineName;
  /** One line. */
  readonly reason: string;
  /** The file of the loaded addon, even if it is not the engine at work. */
  readonly path?: string;
  /** The ABI number of the loaded addon. */
  readonly abi?: number;
  /** The candidates that were rejected. */
  readonly failures: readonly LoadFailure[];
}
