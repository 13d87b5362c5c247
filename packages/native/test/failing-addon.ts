import type { NativeAddon, NativeStream } from '../src/index.ts';

/**
 * An addon whose scans and joins fail at the request for their k-th batch, as after a panic of one of its
 * threads.
 */
export function failingAt(real: NativeAddon, batch: number): NativeAddon {
  return {
    ...real,
    scan: (request) => failing(real.scan(request), batch),
    join: (request) => failing(real.join(request), batch),
  };
}

function failing(stream: NativeStream, batch: number): NativeStream {
  let handedOut = 0;
  return {
    takeReady: () => {
      const ready = handedOut < batch ? stream.takeReady() : null;
      if (ready !== null) handedOut += 1;
      return ready;
    },
    next: async () => {
      if (handedOut++ === batch) throw new Error('the addon fails');
      return stream.next();
    },
    copyRows: (into) => stream.copyRows(into),
    cancel: () => stream.cancel(),
  };
}
