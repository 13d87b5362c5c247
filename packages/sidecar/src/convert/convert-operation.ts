import type { BatchSource, StreamOperation } from '@tandem/engine';
import type { NativeAddon } from '@tandem/native';
import type { ConvertRequest, ScanBatch } from '../engines/requests.ts';
import { FILE_STEPS, type FileSteps } from '../store/file-steps.ts';
import { convertNatively } from './native-convert.ts';

/**
 * Convert on either engine. The journal of the run, which the request names, tells an engine that goes on after another what that one
 * has done.
 * @param began is given each source that comes to work, so that the run can wait for it
 */
export function convertOperation(
  began: (source: BatchSource<ScanBatch>) => void = () => undefined,
  steps: FileSteps = FILE_STEPS,
): StreamOperation<ConvertRequest, ScanBatch, NativeAddon> {
  const told = (source: BatchSource<ScanBatch>): BatchSource<ScanBatch> => {
    began(source);
    return source;
  };
  return {
    name: 'sidecar.convert',
    native: (addon, request, context) => told(convertNatively(addon, request, context)),
    typescript: async (request) => {
      const { ConvertSource } = await import('./convert-source.ts');
      return told(new ConvertSource(request, steps));
    },
    resume: (request, last) => ({ ...request, after: last?.cursor ?? request.after }),
  };
}
