import { count, size } from '../terminal/numbers.ts';
import { tell } from '../terminal/streams.ts';
import { TimeLeft, timeLeftText } from './time-left.ts';
import type { TreeShare } from './tree-share.ts';

/** The state of a run in progress. Seconds since it began. */
export interface ProgressState {
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
  /** The place in the walk, or ''. */
  readonly cursor: string;
}

/** A short run shows nothing. */
const QUIET_MS = 400;
const REDRAW_MS = 120;
const BAR = 24;
const CLEAR = '\r\u001b[K';

/** One line on the terminal with the progress of a run: rate, elapsed time and time left, which is a guess unless the total is known. */
export class ProgressLine {
  readonly #label: string;
  readonly #total: number | null;
  readonly #tree: TreeShare | null;
  readonly #left: TimeLeft = new TimeLeft();
  #isLooking = false;
  readonly #began = performance.now();
  readonly #timer: NodeJS.Timeout;
  #state: ProgressState = { files: 0, bytes: 0, seconds: 0, cursor: '' };
  #shown = false;

  /**
   * @param total files, if known in advance; counting a folder would take as long as the run
   * @param tree the folder being walked, for a guess
   */
  constructor(label: string, total: number | null, tree: TreeShare | null) {
    this.#label = label;
    this.#total = total;
    this.#tree = tree;
    // By the clock and not by the files, so that a share that hangs is seen to hang.
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
    this.#timer.unref();
  }

  update(state: ProgressState): void {
    this.#state = state;
  }

  /** Removes the line from the terminal. */
  clear(): void {
    if (this.#shown) tell(CLEAR);
    this.#shown = false;
  }

  end(): void {
    clearInterval(this.#timer);
    this.clear();
  }

  /** One look at a time. */
  async #look({ cursor, seconds }: ProgressState): Promise<void> {
    if (this.#tree === null || cursor === '' || this.#isLooking) return;
    this.#isLooking = true;
    this.#left.add(await this.#tree.at(cursor), seconds);
    this.#isLooking = false;
  }

  #draw(): void {
    const elapsed = performance.now() - this.#began;
    if (elapsed < QUIET_MS) return;
    void this.#look(this.#state);
    const seconds = Math.max(this.#state.seconds, elapsed / 1000);
    const left = this.#state.cursor === '' ? null : this.#left.at(seconds);
    const text = progressText(this.#label, { ...this.#state, seconds }, this.#total, left);
    // One column stays free: some terminals wrap a full line.
    tell(`${CLEAR}${text.slice(0, Math.max(10, (process.stderr.columns ?? 80) - 1))}`);
    this.#shown = true;
  }
}

/**
 * The line itself.
 * @param guess seconds left, where there is no total and a guess
 */
export function progressText(
  label: string,
  { files, bytes, seconds }: ProgressState,
  total: number | null,
  guess: number | null,
): string {
  const rate = seconds > 0 ? files / seconds : 0;
  const speed = `${count(Math.round(rate))}/s  ${size(bytes)}`;
  if (total === null || total === 0) {
    const guessed = guess === null ? '' : `  ${timeLeftText(guess)}`;
    return `${label}  ${count(files)} files  ${speed}  ${clock(seconds)}${guessed}`;
  }
  const share = Math.min(1, files / total);
  const filled = Math.round(share * BAR);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}]`;
  const left = rate > 0 ? `${clock((total - files) / rate)} left` : '';
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  return `${label}  ${bar} ${percent}  ${count(files)} of ${count(total)}  ${speed}  ${left}`.trimEnd();
}

function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (number: number): string => String(number).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
