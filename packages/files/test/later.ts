import { vi } from 'vitest';

/** Advances the clock by this time, until vi.useRealTimers() is called. */
export function later(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
}
