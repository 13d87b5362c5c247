import type { FallbackEvent, Selection, WithoutWorkersEvent } from '@tandem/engine';
import type { Interrupted } from '@tandem/sidecar';
import type { Call } from '../command.ts';
import { count, size } from '../terminal/numbers.ts';
import { isTerminal, printable, tell } from '../terminal/streams.ts';
import { ProgressLine, type ProgressState } from './progress.ts';

/** The options that determine what is shown. */
export interface FeedbackValues {
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/**
 * What a run shows on stderr: progress and the receipt of Ctrl-C on a terminal; fallbacks and interrupted
 * folders on a terminal or with --verbose; the engine and the time only with --verbose.
 */
export class RunFeedback {
  readonly #call: Call<FeedbackValues>;
  readonly #line: ProgressLine | null;
  readonly #onAbort = (): void => {
    this.#mention('interrupted; the files in progress are being finished, and Ctrl-C again ends it now');
  };
  #state: ProgressState = { files: 0, bytes: 0, seconds: 0 };

  /** @param total the number of files, if known */
  constructor(call: Call<FeedbackValues>, total: number | null) {
    this.#call = call;
    const label = call.title.slice(call.title.lastIndexOf(' ') + 1);
    this.#line = !call.values.quiet && isTerminal(2) ? new ProgressLine(label, total) : null;
    call.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  readonly onProgress = (state: ProgressState): void => {
    this.#state = state;
    this.#line?.update(state);
  };

  readonly onFallback = ({ reason, batch }: FallbackEvent): void => {
    this.#mention(
      `the native engine failed after ${batch} batches; the run continues in TypeScript: ${reason}`,
    );
  };

  readonly onWithoutWorkers = ({ reason }: WithoutWorkersEvent): void => {
    this.#mention(`the run uses one thread: ${reason}`);
  };

  /** With --verbose, shows which engine ran and how long the run took. */
  finished(selection: Selection, seconds: number): void {
    this.end();
    if (!this.#call.values.verbose) return;
    const { files, bytes } = this.#state;
    this.#note(`engine: ${selection.engine}, ${selection.reason}`);
    for (const { reason } of selection.failures) this.#note(`not used: ${reason}`);
    const rate = seconds > 0 ? `, ${count(Math.round(files / seconds))}/s` : '';
    this.#note(`${count(files)} files and ${size(bytes)} in ${seconds.toFixed(2)} s${rate}`);
  }

  /** Shows the folders of a report in which a convert was interrupted. */
  interrupted(closing: object | null): void {
    const { interrupted = [] } = (closing ?? {}) as { readonly interrupted?: readonly Interrupted[] };
    for (const { folder, message, hint } of interrupted) this.#mention(`${folder}: ${message}; ${hint}`);
  }

  /** Removes the progress from the terminal for good. */
  endProgress(): void {
    this.#line?.end();
  }

  end(): void {
    this.endProgress();
    this.#call.signal.removeEventListener('abort', this.#onAbort);
  }

  #mention(text: string): void {
    if (this.#call.values.quiet || !(this.#call.values.verbose || isTerminal(2))) return;
    this.#note(text);
  }

  #note(text: string): void {
    this.#line?.clear();
    tell(`${this.#call.title}: ${printable(text)}\n`);
  }
}
