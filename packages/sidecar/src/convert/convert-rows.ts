import { errorKind } from '@tandem/engine';
import type { StoredFormat } from '../generated/formats.ts';
import { convertRow as writtenRow } from '../generated/row-writers.ts';
import { countsJson } from '../rows/json-counts.ts';
import type { FolderCounts } from '../walk/walk-batch.ts';
import type { Entry, SkipReason } from './outcome.ts';

/** How the rows of a run are written. */
export interface RowStyle {
  readonly to: StoredFormat;
  readonly dryRun: boolean;
}

/** The row of one file: spec/sidecar/convert.md, "Rows". */
export function convertRow({ paths, name, outcome }: Entry, { to, dryRun }: RowStyle): string {
  const { status, reason, kind, resumed, from, target, bytesBefore, bytesAfter, respelled, fault } = outcome;
  return writtenRow(paths, name, {
    status: dryRun && status === 'converted' ? 'would_convert' : status,
    reason,
    kind,
    resumed,
    from,
    to,
    targetPath: target,
    bytesBefore,
    bytesAfter,
    respelled,
    error: fault?.message ?? null,
    fault,
  });
}

/** Sums up the rows of one batch. */
export class ConvertTally {
  #converted = 0;
  #failed = 0;
  #invalid = 0;
  #bytesBefore = 0;
  #bytesAfter = 0;
  #respelled = 0;
  readonly #skipped: Record<SkipReason, number> = {
    already: 0,
    not_a_sidecar: 0,
    link: 0,
    linked: 0,
  };

  get items(): number {
    const { already, not_a_sidecar, link, linked } = this.#skipped;
    return this.#converted + this.#failed + already + not_a_sidecar + link + linked;
  }

  add(entry: Entry): void {
    const { status, reason, bytesBefore, bytesAfter, respelled } = entry.outcome;
    if (status === 'failed') {
      this.#failed += 1;
      if (isInvalid(entry)) this.#invalid += 1;
    } else if (reason !== null) this.#skipped[reason] += 1;
    else {
      this.#converted += 1;
      this.#bytesBefore += bytesBefore ?? 0;
      this.#bytesAfter += bytesAfter ?? 0;
      if (respelled) this.#respelled += 1;
    }
  }

  /** The totals of a batch: spec/sidecar/convert.md, "Rows". */
  json(counts: FolderCounts, otherOperation: number): string {
    const skipped = countsJson(Object.entries(this.#skipped));
    const sums = `"failed":${this.#failed},"invalid":${this.#invalid},"bytes_before":${this.#bytesBefore},"bytes_after":${this.#bytesAfter},"respelled":${this.#respelled}`;
    return `{"items":${this.items},"converted":${this.#converted},"skipped":${skipped},${sums},"passed_over":${passedOver(counts, otherOperation)}}`;
  }
}

/** Whether a file failed because of its content, and not because of the operation. */
export function isInvalid({ outcome: { fault } }: Entry): boolean {
  return fault !== null && errorKind(fault.code) === 'document';
}

/**
 * Scratch is omitted: this run's own scratch, and the scratch it sweeps, would make two runs over one tree
 * differ.
 */
function passedOver(counts: FolderCounts, otherOperation: number): string {
  return countsJson([
    ['system', counts.system],
    ['not_a_file', counts.notAFile],
    ['linked_folder', counts.linkedFolder],
    ['other_operation', otherOperation],
  ]);
}
