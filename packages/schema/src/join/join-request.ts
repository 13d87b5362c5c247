import type { NativeJoinRequest } from '@tandem/native';

/** A join of SQL files: spec/schema/join.md. The RunContext sets the number of threads. */
export interface JoinRequest extends Omit<NativeJoinRequest, 'paths' | 'labels' | 'pieces' | 'workers'> {
  /** Raw: latin1. */
  readonly paths: readonly string[];
  /** One per path; text. */
  readonly labels: readonly string[];
  /** The separator before a file consists of these pieces with the file's label between them. */
  readonly pieces: readonly string[];
}
