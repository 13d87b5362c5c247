import type { BatchSource, StreamOperation } from '@tandem/engine';
import { FILE_STEPS, type FileSteps } from '@tandem/files';
import type { NativeAddon, RowBatch } from '@tandem/native';
import type { ConvertRequest } from '../engines/requests.ts';
import { convertNatively } from './native-convert.ts';

/**
 * Convert on either engine. The journal of the run, which the request names, tells an engine that goes on after another what that one
 * has done.
 * @param began is given each source that comes to work, so that the run can wait for it
 */
export function convertOperation(
  began: (source: BatchSource<RowBatch>) => void = () => undefined,
  steps: FileSteps = FILE_STEPS,
): StreamOperation<ConvertRequest, RowBatch, NativeAddon> {
  const told = (source: BatchSource<RowBatch>): BatchSource<RowBatch> => {
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
