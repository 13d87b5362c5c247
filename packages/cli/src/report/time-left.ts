/** Less than this is too little for a guess. */
const LEAST_SHARE = 0.02;
/** Guesses in a row that must agree, and how far they may be apart. */
const AGREEING = 3;
const MOST_APART = 1.3;

/** Guesses how long a run will take from the shares of it that are done, and says nothing while its guesses disagree. */
export class TimeLeft {
  #share = 0;
  /** Seconds of the whole run, as guessed last. */
  #guesses: number[] = [];

  /** @param seconds since the run began, when so much of it was done */
  add(share: number, seconds: number): void {
    if (share <= this.#share || share < LEAST_SHARE) return;
    this.#share = share;
    this.#guesses = [...this.#guesses, seconds / share].slice(-AGREEING);
  }

  /** Seconds, or null where nobody can say. */
  at(seconds: number): number | null {
    if (this.#guesses.length < AGREEING) return null;
    if (Math.max(...this.#guesses) > MOST_APART * Math.min(...this.#guesses)) return null;
    const whole = this.#guesses.reduce((sum, guess) => sum + guess, 0) / AGREEING;
    return whole > seconds ? whole - seconds : null;
  }
}

/** `about 40 s left`, in steps that are easy to follow. */
export function timeLeftText(seconds: number): string {
  if (seconds < 10) return `about ${Math.ceil(seconds)} s left`;
  if (seconds < 100) return `about ${Math.round(seconds / 5) * 5} s left`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${Math.round(seconds / 3600)} h left`;
}
