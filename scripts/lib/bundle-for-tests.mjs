// Runs once before all tests: the command, and what the child processes of tests import.
import { bundle, bundleCommand } from './bundle.mjs';

/** In the checkout, where a bundle finds the addon and the packages that it does not contain. */
const CHILDREN = 'node_modules/.cache/test-children';

export async function setup() {
  await bundleCommand();
  await bundle(CHILDREN, [
    'packages/sidecar/test/child-modules.ts',
    'packages/sidecar/src/sidecar-worker.ts',
  ]);
}
