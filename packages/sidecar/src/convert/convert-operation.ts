import type { BatchSource, StreamOperation } from '@tandem/engine';
import type { FileSteps } from '@tandem/files';
import { JOB_STEPS } from '@tandem/job';
import type { NativeAddon, RowBatch } from '@tandem/native';
import type { ConvertRequest } from '../engines/requests.ts';
import { ConvertSource } from './convert-source.ts';
import { NativeConvert } from './native-convert.ts';

/**
 * Convert on either engine. The journal of the run, which the request names, records what an engine has done,
 * for the engine that continues after it.
 * @param began called with each source that starts to work, so that the run can wait for it
 */
export function convertOperation(
  began: (source: BatchSource<RowBatch>) => void = () => undefined,
  steps: FileSteps = JOB_STEPS,
): StreamOperation<ConvertRequest, RowBatch, NativeAddon> {
  const begin = (request: ConvertRequest, native: NativeConvert | null): BatchSource<RowBatch> => {
    const source = new ConvertSource(request, steps, native);
    began(source);
    return source;
  };
  return {
    name: 'sidecar.convert',
    // On Windows, Rust's library does not tell which file a name refers to.
    native: (addon, request, context) =>
      begin(request, process.platform === 'win32' ? null : new NativeConvert(addon, request, context)),
    typescript: (request) => begin(request, null),
    resume: (request, last) => ({ ...request, after: last?.cursor ?? request.after }),
  };
}
