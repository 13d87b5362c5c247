import type { RunOptions } from '@tandem/engine';
import { type Finding, RunEnd } from '@tandem/job';
import { type DatabaseChoice, openDatabase } from '../database/open-database.ts';
import type { ScratchDatabase } from '../database/scratch-database.ts';
import { SqlFailure } from '../database/sql-failure.ts';
import { tellFinding } from '../finding.ts';
import { tryFile } from '../infer/file-trial.ts';
import type { InferredNeed } from '../infer/inferred-need.ts';
import { keptMeanings } from '../infer/kept-meanings.ts';
import { missingObject } from '../infer/missing-object.ts';
import { needCircles } from '../infer/need-circles.ts';
import { SessionPaths } from '../infer/session-paths.ts';
import { Suppliers } from '../infer/suppliers.ts';
import { circleCure, needStep } from '../infer/told-need.ts';
import { type ReadFiles, readTrialFiles, type TrialFile } from '../infer/trial-file.ts';
import { cannotBeHelped, TrialOrder } from '../infer/trial-order.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import type { Stopped } from '../verify/apply-schema.ts';
import { requestedExtensions } from '../verify/requested-extensions.ts';
import { placeOfByte } from '../verify/statement-place.ts';
import { tellStopped } from '../verify/verify-finding.ts';

export interface InferOptions extends RunOptions {
  /** Maximum size of all files together, in bytes; default 2 GiB. */
  readonly maxSize?: number;
  /** The build runs in two passes: foreign keys that it moves do not count as needs. */
  readonly twoPass?: boolean;
  /** Default 'auto'. */
  readonly database?: DatabaseChoice;
}

/** The order in which a database accepted the files. */
export interface Inferred {
  /**
   * Indices into the files, in the proposed order; null if there is none, in which case the findings give the
   * reason.
   */
  readonly order: readonly number[] | null;
  /** What files had to wait for, including what their own lines require. */
  readonly needs: readonly InferredNeed[];
  /** SHA-256 of each file as it was read, in hex. */
  readonly digests: readonly string[];
  /** With an error there is no order; warnings concern the proposed order. */
  readonly findings: readonly Finding[];
}

/**
 * Applies files to a temporary database, which is dropped afterwards, to determine their needs and an order
 * that satisfies them. The order keeps the given sequence wherever the needs allow it.
 * @throws {TandemError} what prevents a file from being read, or an unclosed comment or quote in it;
 *   ERR_TANDEM_REQUIRES_MISSING; ERR_TANDEM_NO_DATABASE, ERR_TANDEM_DATABASE_FAILED, ERR_TANDEM_TIMEOUT,
 *   ERR_TANDEM_ABORTED
 */
export async function inferSelected(
  files: readonly SelectedFile[],
  { timeout, signal, database: choice = 'auto', ...options }: InferOptions = {},
): Promise<Inferred> {
  const end = new RunEnd({
    ...(timeout === undefined ? {} : { timeout }),
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    const read = await readTrialFiles(files, { ...options, signal: end.signal });
    const extensions = new Set(read.files.flatMap(({ text }) => [...requestedExtensions(text)]));
    const database = await openDatabase(choice, { signal: end.signal, extensions });
    try {
      await speakEnglish(database);
      return await inferWithin(database, files, read, options.twoPass ?? false, end.signal);
    } finally {
      await database.close();
    }
  } catch (error) {
    throw end.error(error);
  } finally {
    end.release();
  }
}

/**
 * Names are found in PostgreSQL's messages; if the user may not set their language, most needs have no
 * reason.
 */
async function speakEnglish(database: ScratchDatabase): Promise<void> {
  if (database.kind !== 'url') return;
  try {
    await database.apply("SET lc_messages TO 'C'");
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
  }
}

/** Like inferSelected, but in an open database. @param read the result of readTrialFiles for these files */
export async function inferWithin(
  database: ScratchDatabase,
  files: readonly SelectedFile[],
  { files: trials, said, digests }: ReadFiles,
  twoPass: boolean,
  signal: AbortSignal,
): Promise<Inferred> {
  const statements = trials.map((each) => each.statements);
  const suppliers = new Suppliers(statements);
  const paths = new SessionPaths(statements, database);
  const trial = new TrialOrder(files.length, said, keptMeanings(statements), {
    async apply(file) {
      const { text, statements: own } = trials[file] as TrialFile;
      await paths.before(file);
      const tried = await tryFile(text, own.hasTransactions, database);
      if (tried.failures.length === 0) await paths.after(file);
      return tried;
    },
    missing(file, failure) {
      const { text, map } = trials[file] as TrialFile;
      const missing = missingObject(failure, text);
      return missing === null
        ? null
        : { ...missing, line: placeOfByte(text, map, missing.offset)?.line ?? 1 };
    },
    suppliers: (missing, isOpen) => suppliers.of(missing, isOpen),
    isOwn: (file, missing) => suppliers.has(file, missing),
  });
  await trial.run(signal);
  const required = said.map((need): InferredNeed => {
    const object = (files[need.target] as SelectedFile).label;
    return { ...need, object, targetLine: null, kind: 'requires', isCertain: true };
  });
  const needs = [...required, ...trial.needs];
  if (trial.putOff.size > 0) {
    return { order: null, needs, digests, findings: tellPutOff(trial, files, trials, database, twoPass) };
  }
  const findings = paths.changed().map(({ file, line, ...params }) => {
    const finding = {
      file,
      code: 'ERR_TANDEM_SEARCH_PATH_CHANGES',
      offset: null,
      line,
      column: 1,
      params,
    } as const;
    return tellFinding(finding, (files[file] as SelectedFile).path);
  });
  return { order: trial.order, needs, digests, findings };
}

/**
 * What is wrong in the files: first the files that no other file could help, then cycles and the remaining
 * files in their order. A file that only waits for one of these is not reported.
 */
function tellPutOff(
  trial: TrialOrder,
  files: readonly SelectedFile[],
  trials: readonly TrialFile[],
  { kind }: ScratchDatabase,
  twoPass: boolean,
): Finding[] {
  const waiting = [...trial.putOff.keys()].filter((file) => trial.outcome(file) === 'waits');
  const steps = waiting.flatMap((file) => trial.steps(file));
  const told = needCircles(files.length, steps).map((circle) => ({
    rank: files.length + (circle[0] as InferredNeed).file,
    finding: tellCircle(circle, files, twoPass) as Finding,
  }));
  for (const [file, { failures }] of trial.putOff) {
    const outcome = trial.outcome(file);
    if (outcome === 'waits') continue;
    const { text, map } = trials[file] as TrialFile;
    const worst = failures.find(cannotBeHelped) ?? (failures[0] as Stopped);
    const rank = outcome === 'beyond help' ? file : files.length + file;
    told.push({ rank, finding: tellStopped(worst, text, map, kind) });
  }
  return told.sort((one, other) => one.rank - other.rank).map(({ finding }) => finding);
}

function tellCircle(
  circle: readonly InferredNeed[],
  files: readonly SelectedFile[],
  twoPass: boolean,
): Finding {
  const [first] = circle as [InferredNeed];
  const { path } = files[first.file] as SelectedFile;
  const params = {
    circle: circle.map((need) => needStep(need, files)).join(', '),
    cure: circleCure(circle, files, twoPass),
  };
  return tellFinding(
    { file: first.file, code: 'ERR_TANDEM_NEEDS_CIRCLE', offset: null, line: first.line, column: 1, params },
    path,
  );
}
