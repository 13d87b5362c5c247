import type { StreamOperation } from '@tandem/engine';
import type { NativeAddon, RowBatch } from '@tandem/native';
import type { ScanRequest } from '../engines/requests.ts';
import { scanNatively } from './native-scan.ts';

/** Every read-only report of the sidecar job, on either engine. */
export const scanOperation: StreamOperation<ScanRequest, RowBatch, NativeAddon> = {
  name: 'sidecar.scan',
  native: scanNatively,
  // Loaded only when it runs: loading it takes as long as scanning two thousand files.
  typescript: async (request, context) =>
    (await import('./typescript-scan.ts')).scanInTypeScript(request, context),
  resume: (request, last) => ({ ...request, after: last?.cursor ?? request.after }),
};
