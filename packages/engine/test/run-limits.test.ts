import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunLimits } from '@tandem/engine';
import { describe, expect, test } from 'vitest';

describe('the limits of a run', () => {
  test('arm nothing before they start, nor after they are released', async () => {
    const controller = new AbortController();
    const listeners = (): number => getEventListeners(controller.signal, 'abort').length;
    const stops: string[] = [];
    const limits = new RunLimits(0.01, controller.signal, () => stops.push('stopped'));
    expect(listeners()).toBe(0);
    limits.start();
    expect(listeners()).toBe(1);
    limits.release();
    expect(listeners()).toBe(0);
    await sleep(20);
    limits.check();
    controller.abort();
    limits.check();
    expect([stops, limits.stopped]).toEqual([[], false]);
  });

  test('arm nothing where the signal has aborted already', () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const stops: string[] = [];
    const limits = new RunLimits(3600, signal, () => stops.push('stopped'));
    limits.check();
    expect(stops).toEqual([]);
    limits.start();
    expect([stops, getEventListeners(signal, 'abort').length]).toEqual([['stopped'], 0]);
    expect(limits.error()).toMatchObject({ code: 'ERR_TANDEM_ABORTED', cause: { message: 'enough' } });
  });

  test('notice an aborted signal that fires no event when they are checked', () => {
    const signal = { aborted: false, addEventListener: () => {}, removeEventListener: () => {} };
    const stops: string[] = [];
    const limits = new RunLimits(3600, signal as unknown as AbortSignal, () => stops.push('stopped'));
    limits.start();
    limits.check();
    signal.aborted = true;
    limits.check();
    limits.check();
    expect([stops, limits.stopped]).toEqual([['stopped'], true]);
  });

  test('stop a run once, for the first reason', async () => {
    const controller = new AbortController();
    const stops: string[] = [];
    const limits = new RunLimits(0.01, controller.signal, () => stops.push('stopped'));
    limits.start();
    await sleep(30);
    controller.abort();
    limits.check();
    expect([stops, limits.stopped]).toEqual([['stopped'], true]);
    expect(limits.error()).toMatchObject({
      code: 'ERR_TANDEM_TIMEOUT',
      message: 'the run took longer than 0.01 s',
    });
  });
});
