import { type BatchSource, TandemError } from '@tandem/engine';
import { type FileSteps, journalName, newRun, type Run, rootPrefix } from '@tandem/files';
import { badOption, checkFlags, JOB_STEPS, Report, type ReportLayout, tandemHost } from '@tandem/job';
import type { RowBatch } from '@tandem/native';
import { convertOperation } from '../convert/convert-operation.ts';
import { LockedStream, type RunPlaces } from '../convert/locked-stream.ts';
import { type ConvertRequest, finishesOthers, unfinishedBy } from '../engines/requests.ts';
import { FORMAT_FACTS, FORMATS, type SidecarFormat } from '../generated/formats.ts';
import {
  type ConvertReport,
  type ConvertRow,
  type ConvertTotals,
  noConvertTotals,
} from '../generated/reports.ts';
import { checkInput, checkWritable, type ScanOptions } from './scan-request.ts';

/** The options of a convert. */
export interface ConvertOptions
  extends Pick<
    ScanOptions,
    | 'engine'
    | 'workers'
    | 'timeout'
    | 'signal'
    | 'onFallback'
    | 'operationType'
    | 'maxSize'
    | 'maxDepth'
    | 'summary'
    | 'onProgress'
  > {
  /** The folder. */
  readonly input: string;
  /** The format in which the sidecars are to be stored. */
  readonly format: SidecarFormat;
  /** Write the older tool's form into .bin or .rkyv, for programs that can read only that form. */
  readonly legacyLayout?: boolean | undefined;
  /** Keep the sources. */
  readonly keep?: boolean | undefined;
  /** Write nothing at all, and report what would be done. */
  readonly dryRun?: boolean | undefined;
  /**
   * 'none' omits every sync: a kill still loses nothing, but a power failure may lose what was converted
   * since the system last wrote to the disk. 'full' by default.
   */
  readonly durability?: 'full' | 'none' | undefined;
  readonly layout?: Exclude<ReportLayout, 'csv'> | undefined;
}

/** A run of convert. */
export type ConvertRun = Report<ConvertTotals, ConvertReport, ConvertRow>;

const FLAGS = ['keep', 'dryRun', 'legacyLayout', 'summary'] as const;
const DURABILITIES: readonly string[] = ['full', 'none'];

/**
 * Converts all sidecars of a folder to one format: spec/sidecar/convert.md. Nothing is removed before its
 * replacement is on the disk, read back and compared; a kill at any point loses nothing, and the next run
 * continues.
 * @throws {TandemError} before any work: ERR_TANDEM_BAD_OPTION, _UNKNOWN_FORMAT_NAME, _UNKNOWN_OPERATION,
 * _INPUT_MISSING, _INPUT_NOT_A_FOLDER, _INPUT_UNREADABLE, _INPUT_READ_ONLY, _NATIVE_UNAVAILABLE; from the
 * report, before its first row: ERR_TANDEM_LOCKED, _OUTPUT_UNWRITABLE, _NO_SPACE
 */
export async function convert(options: ConvertOptions): Promise<ConvertRun> {
  return convertBySteps(options, JOB_STEPS);
}

/** Like convert, with the disk operations under the control of a test. */
export async function convertBySteps(options: ConvertOptions, steps: FileSteps): Promise<ConvertRun> {
  const began = performance.now();
  const run = newRun();
  const request = convertRequest(options, run);
  if (!request.dryRun) checkWritable(request.root);
  const sources: BatchSource<RowBatch>[] = [];
  let locked: LockedStream | null = null;
  const guarded = steps.guardedBy(() => locked?.hold());
  const operation = { ...convertOperation((source) => sources.push(source), guarded), writes: true };
  const stream = tandemHost().stream(operation, request, options);
  if (!request.dryRun) locked = new LockedStream(stream, sources, placesOf(request, run), steps);
  return new Report(
    locked ?? stream,
    {
      layout: options.layout ?? 'json',
      rows: options.summary ? null : 'results',
      closing: (totals, complete) => ({
        directory: options.input,
        format: options.format,
        total_files: totals.items,
        converted: totals.converted,
        skipped: totals.items - totals.converted - totals.failed,
        failed: totals.failed,
        invalid: totals.invalid,
        reasons: totals.skipped,
        passed_over: totals.passed_over,
        bytes_before: totals.bytes_before,
        bytes_after: totals.bytes_after,
        respelled: totals.respelled,
        filter_applied: request.operation === '' ? null : request.operation,
        dry_run: request.dryRun,
        complete,
        seconds: Math.round((performance.now() - began) * 1000) / 1e6,
      }),
    },
    noConvertTotals(),
    options.onProgress,
  );
}

function placesOf(request: ConvertRequest, run: Run): RunPlaces {
  const { root, journal } = request;
  const purpose = { operation: 'convert', unfinished: unfinishedBy(request) };
  return { run, purpose, finishes: finishesOthers(request), folder: rootPrefix(root), journal };
}

function convertRequest(options: ConvertOptions, run: Run): ConvertRequest {
  const {
    format,
    legacyLayout = false,
    keep = false,
    dryRun = false,
    durability = 'full',
    layout = 'json',
  } = options;
  checkFlags(options, FLAGS);
  if (!FORMATS.includes(format)) {
    throw new TandemError('ERR_TANDEM_UNKNOWN_FORMAT_NAME', {
      params: { format, choices: FORMATS.join(', ') },
    });
  }
  if (legacyLayout && !FORMAT_FACTS[format].mayBeLegacy) {
    throw badOption('legacyLayout', 'is a form of bin and rkyv', 'leave it out, or choose bin or rkyv');
  }
  if (!DURABILITIES.includes(durability)) {
    throw badOption('durability', `is ${durability}`, `use ${DURABILITIES.join(' or ')}`);
  }
  if (layout !== 'json' && layout !== 'ndjson')
    throw badOption('layout', `is ${layout}`, 'use json or ndjson');
  const { list, ...checked } = checkInput({ ...options, files: null });
  return {
    ...checked,
    to: format,
    legacyLayout,
    keep,
    dryRun,
    volatile: durability === 'none',
    separator: layout === 'json' ? ',\n' : '\n',
    run: run.id,
    journal: dryRun ? '' : rootPrefix(checked.root) + journalName(run.id),
    after: '',
  };
}
