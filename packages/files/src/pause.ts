/** Stands still for some milliseconds, timers and all: for the few places where the order of changes to a disk must not be left. */
export function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
