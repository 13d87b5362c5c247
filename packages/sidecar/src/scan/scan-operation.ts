import type { StreamOperation } from '@tandem/engine';
import type { NativeAddon } from '@tandem/native';
import type { ScanBatch, ScanRequest } from '../engines/requests.ts';
import { scanNatively } from './native-scan.ts';
import { scanInTypeScript } from './typescript-scan.ts';

/** Every read-only report of the sidecar job, on either engine. */
export const scanOperation: StreamOperation<ScanRequest, ScanBatch, NativeAddon> = {
  name: 'sidecar.scan',
  native: scanNatively,
  typescript: scanInTypeScript,
  resume: (request, last) => ({ ...request, after: last?.cursor ?? request.after }),
};
