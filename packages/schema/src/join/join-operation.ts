import type { StreamOperation } from '@tandem/engine';
import type { NativeAddon, RowBatch } from '@tandem/native';
import type { JoinRequest } from './join-request.ts';
import { joinNatively } from './native-join.ts';

/** The single pass of the schema job over its files, on either engine. */
export const joinOperation: StreamOperation<JoinRequest, RowBatch, NativeAddon> = {
  name: 'schema.join',
  native: joinNatively,
  // Loaded only if this engine runs.
  typescript: async (request) => new (await import('./typescript-join.ts')).TypeScriptJoin(request),
  resume: (request, last) => ({ ...request, after: last?.cursor ?? request.after }),
};
