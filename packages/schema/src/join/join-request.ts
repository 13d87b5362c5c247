import type { NativeJoinRequest } from '@tandem/native';

/** A join of SQL files: spec/schema/join.md. The RunContext says how many threads. */
export interface JoinRequest extends Omit<NativeJoinRequest, 'paths' | 'labels' | 'pieces' | 'workers'> {
  /** Raw: latin1. */
  readonly paths: readonly string[];
  /** One per path; text. */
  readonly labels: readonly string[];
  /** The separator in front of a file is the pieces with its label between them. */
  readonly pieces: readonly string[];
}
