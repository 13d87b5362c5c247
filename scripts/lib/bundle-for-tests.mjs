// Runs once before all tests.
export { bundleCommand as setup } from './bundle.mjs';
