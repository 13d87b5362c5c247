/**
 * Blocks the thread for some milliseconds, timers included: for the few steps whose order on the disk must
 * not be interrupted.
 */
export function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
