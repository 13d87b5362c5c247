import { LIMITS, TandemError } from '@tandem/engine';
import { pause, type Renewal, shownText } from '@tandem/files';

/** Whoever took the lock over read it, saw that its time was over, and removed it well within this. */
const TAKE_OVER_MS = 1000;

/**
 * The time for which others take a lock for held without knowing its process: spec/sidecar/locks.md, "Lease". It is renewed now and
 * then, by a timer where the event loop turns, and before a change where it does not.
 */
export class Lease {
  readonly #path: string;
  readonly #renew: () => Renewal;
  readonly #timer: NodeJS.Timeout;
  /** By both clocks: one stands still while the machine sleeps, the other is set by people. */
  #steadyMs = performance.now();
  #wallMs = Date.now();
  #isLost = false;

  /** @param path of the lock, for the words of an error */
  constructor(path: string, renew: () => Renewal) {
    this.#path = path;
    this.#renew = renew;
    this.#timer = setInterval(() => this.#keepUp(), LIMITS.lockRenewMs);
    this.#timer.unref();
  }

  /** Looked at before each change. Throws ERR_TANDEM_LOCK_LOST where the lock is not ours any more, then and ever after. */
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
      // It stood still for so long that another may be taking it over just now: it has to be there afterwards too.
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
