import { LIMITS, TandemError } from '@tandem/engine';
import { pause } from '../pause.ts';
import { shownText } from '../shown-text.ts';
import type { Renewal } from './renew-file.ts';

/**
 * A run that takes the lock over reads it, sees that its lease has expired and removes it well within this
 * time.
 */
const TAKE_OVER_MS = 1000;

/**
 * The time for which other runs consider a lock held without knowing its process: spec/locks.md,
 * "Lease". It is renewed periodically, by a timer while the event loop runs, and before a change when it does
 * not.
 */
export class Lease {
  readonly #path: string;
  readonly #renew: () => Renewal;
  readonly #timer: NodeJS.Timeout;
  /** Both clocks are kept: one stops while the machine sleeps, the other can be set by people. */
  #steadyMs = performance.now();
  #wallMs = Date.now();
  #isLost = false;

  /** @param path the path of the lock, for error messages */
  constructor(path: string, renew: () => Renewal) {
    this.#path = path;
    this.#renew = renew;
    this.#timer = setInterval(() => this.#keepUp(), LIMITS.lockRenewMs);
    this.#timer.unref();
  }

  /**
   * Checked before each change. Throws ERR_TANDEM_LOCK_LOST once the lock no longer belongs to this run, and
   * on every later call.
   */
  hold(): void {
    this.#keepUp();
    if (!this.#isLost) return;
    const lock = shownText(this.#path);
    throw new TandemError('ERR_TANDEM_LOCK_LOST', { path: lock, params: { lock } });
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #keepUp(): void {
    if (this.#isLost) return;
    const lateMs = Math.max(performance.now() - this.#steadyMs, Date.now() - this.#wallMs);
    if (lateMs < LIMITS.lockRenewMs) return;
    let renewal = this.#renewed();
    if (lateMs >= LIMITS.lockLeaseMs) {
      // The process was stopped for so long that another may be taking the lock over right now: the lock must
      // still exist afterwards.
      pause(TAKE_OVER_MS);
      if (renewal === 'renewed') renewal = this.#renewed();
      if (renewal === 'failed') renewal = 'lost';
    }
    this.#isLost = renewal === 'lost';
  }

  #renewed(): Renewal {
    const [steadyMs, wallMs] = [performance.now(), Date.now()];
    const renewal = this.#renew();
    if (renewal === 'renewed') [this.#steadyMs, this.#wallMs] = [steadyMs, wallMs];
    return renewal;
  }
}
