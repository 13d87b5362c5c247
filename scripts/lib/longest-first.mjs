// The order of test files: those that take longest begin first, so that no worker is left with one of them at
// the end. Vitest knows durations only of files that it has run here before.
import { BaseSequencer } from 'vitest/node';

const LONGEST = [
  'conformance/meeting-runs',
  'conformance/convert',
  'cli/test/hanging-disk',
  'sidecar/test/crash-',
  'cli/test/schema.test',
  'sidecar/test/convert-resume',
];

export class LongestFirst extends BaseSequencer {
  async sort(files) {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId }) {
  const at = LONGEST.findIndex((name) => moduleId.replaceAll('\\', '/').includes(name));
  return at < 0 ? LONGEST.length : at;
}
