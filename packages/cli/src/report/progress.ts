import { count, size } from '../terminal/numbers.ts';
import { tell } from '../terminal/streams.ts';

/** The state of a run in progress. `seconds` is the time since the run started. */
export interface ProgressState {
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** A run that is shorter than this shows no progress. */
const QUIET_MS = 400;
const REDRAW_MS = 120;
const BAR = 24;
const CLEAR = '\r\u001b[K';

/** One line on the terminal with the progress of a run, and its share if the total is known. */
export class ProgressLine {
  readonly #label: string;
  readonly #total: number | null;
  readonly #began = performance.now();
  readonly #timer: NodeJS.Timeout;
  #state: ProgressState = { files: 0, bytes: 0, seconds: 0 };
  #shown = false;

  /**
   * @param total the number of files, if known in advance; counting a folder would take as long as the run
   */
  constructor(label: string, total: number | null) {
    this.#label = label;
    this.#total = total;
    // Redrawn by a timer and not per file, so that the line shows when a network share hangs.
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

  #draw(): void {
    const elapsed = performance.now() - this.#began;
    if (elapsed < QUIET_MS) return;
    const seconds = Math.max(this.#state.seconds, elapsed / 1000);
    const text = progressText(this.#label, { ...this.#state, seconds }, this.#total);
    // One column stays free: some terminals wrap a full line.
    tell(`${CLEAR}${text.slice(0, Math.max(10, (process.stderr.columns ?? 80) - 1))}`);
    this.#shown = true;
  }
}

/** The text of the line. */
export function progressText(
  label: string,
  { files, bytes, seconds }: ProgressState,
  total: number | null,
): string {
  const rate = seconds > 0 ? files / seconds : 0;
  // A run that waits for a database or a share has nothing to count yet.
  if (files === 0) return `${label}  ${clock(seconds)}`;
  const speed = `${count(Math.round(rate))}/s  ${size(bytes)}`;
  const time = clock(seconds);
  if (total === null || total === 0) return `${label}  ${count(files)} files  ${speed}  ${time}`;
  const share = Math.min(1, files / total);
  const filled = Math.round(share * BAR);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}]`;
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  return `${label}  ${bar} ${percent}  ${count(files)} of ${count(total)}  ${speed}  ${time}`;
}

function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (number: number): string => String(number).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
