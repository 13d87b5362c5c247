import { LIMITS, type RunOptions } from '@tandem/engine';
import { type Finding, tellFinding, throwFirst } from '../finding.ts';
import { changedMeanings } from '../infer/broad-statement.ts';
import { type FileFacts, factsOf } from '../infer/file-facts.ts';
import type { InferredNeed } from '../infer/inferred-need.ts';
import { inferredNeeds } from '../infer/inferred-needs.ts';
import { NEW_SESSION } from '../infer/search-path.ts';
import { settleNeeds } from '../infer/settle-needs.ts';
import { circleCure, needStep } from '../infer/told-need.ts';
import { runJoin } from '../join/join-run.ts';
import { saidNeeds } from '../order/needed-order.ts';
import { orderByNeed } from '../order/order-by-need.ts';
import { parseFile } from '../parse/parsed-file.ts';
import { SqlParser } from '../parse/sql-parser.ts';
import { RunEnd } from '../run-end.ts';
import type { SelectedFile } from '../selection/selected-file.ts';

export interface InferOptions extends RunOptions {
  /** Bytes of all files together; 2 GiB unless given. */
  readonly maxSize?: number;
  /** The build is one in two passes: foreign keys that it moves are no needs. */
  readonly twoPass?: boolean;
}

/** What the parse of files says about their order. */
export interface Inferred {
  /** Indices into the files, in the order that is proposed; null where there is none, as the findings tell. */
  readonly order: readonly number[] | null;
  /** What the files need, with what their own lines require. */
  readonly needs: readonly InferredNeed[];
  /** SHA-256 of each file as it was read, in hex. */
  readonly digests: readonly string[];
  /** Errors leave no order; warnings are about the one that is proposed. */
  readonly findings: readonly Finding[];
}

/**
 * Finds out what files need of each other, and an order for it: the one they are in wherever needs allow.
 * @throws {TandemError} what keeps a file from being read or a comment or quote of it from being closed; ERR_TANDEM_REQUIRES_MISSING;
 *   ERR_TANDEM_TIMEOUT, ERR_TANDEM_ABORTED
 */
export async function inferSelected(
  files: readonly SelectedFile[],
  options: InferOptions = {},
): Promise<Inferred> {
  const end = new RunEnd(options);
  try {
    const { timeout: _, ...rest } = options;
    return await infer(files, { ...rest, signal: end.signal });
  } catch (error) {
    throw end.error(error);
  } finally {
    end.release();
  }
}

async function infer(files: readonly SelectedFile[], options: InferOptions): Promise<Inferred> {
  const wishes = { text: true, lex: true, digests: true, maxSize: options.maxSize ?? LIMITS.maxSchemaSize };
  const joined = await runJoin(files, wishes, options, () => undefined);
  throwFirst(joined.findings);
  const { digests } = joined;
  const said = saidNeeds(files, joined.needs).map((need): InferredNeed => {
    const object = (files[need.target] as SelectedFile).label;
    return { ...need, object, targetLine: null, kind: 'requires', isCertain: true };
  });
  const gathered = await gatherFacts(files, options);
  if (gathered.findings.length > 0) return { order: null, needs: said, digests, findings: gathered.findings };
  const all = [...said, ...inferredNeeds(gathered.facts, gathered.setters)];
  const { needs, circles } = settleNeeds(files.length, all);
  if (circles.length > 0) {
    return {
      order: null,
      needs,
      digests,
      findings: circles.map((circle) => tellCircle(circle, files, options.twoPass ?? false)),
    };
  }
  const kept = keepMeanings(files, gathered.facts, all, needs);
  return { ...kept, digests, findings: changedPaths(files, gathered, kept.order) };
}

/** An order in which statements about all that there is are about the same as in the configured one. */
function keepMeanings(
  files: readonly SelectedFile[],
  facts: readonly FileFacts[],
  all: InferredNeed[],
  settled: readonly InferredNeed[],
): { readonly order: readonly number[]; readonly needs: readonly InferredNeed[] } {
  const tried = new Set<string>();
  for (let needs = settled; ; needs = settleNeeds(files.length, all).needs) {
    const order = orderByNeed(files, needs);
    const changed = changedMeanings(facts, order).filter((need) => {
      const pair = `${need.file} ${need.target}`;
      return !tried.has(pair) && tried.add(pair);
    });
    if (changed.length === 0) return { order, needs };
    for (const need of changed) all.push(need);
  }
}

/** Files that would run with another search path than in the configured order. */
function changedPaths(
  files: readonly SelectedFile[],
  { facts, paths }: Gathered,
  order: readonly number[],
): Finding[] {
  let path = NEW_SESSION.path;
  return order.flatMap((index): Finding[] => {
    const { inheritsAt: line, leavesPath } = facts[index] as FileFacts;
    const [now, before] = [path, paths[index] as readonly string[]].map((each) => each.join(', '));
    path = leavesPath ?? path;
    if (line === null || now === before) return [];
    const params = { now: now as string, before: before as string };
    const { path: file } = files[index] as SelectedFile;
    return [
      tellFinding(
        { file: index, code: 'ERR_TANDEM_SEARCH_PATH_CHANGES', offset: null, line, column: 1, params },
        file,
      ),
    ];
  });
}

interface Gathered {
  readonly facts: readonly FileFacts[];
  /** For each file the one whose search path it begins with; null where no file has set one. */
  readonly setters: readonly (number | null)[];
  /** For each file the search path that it begins with. */
  readonly paths: readonly (readonly string[])[];
  readonly findings: readonly Finding[];
}

/** Parses every file once, in the configured order, as one session would run them. */
async function gatherFacts(
  files: readonly SelectedFile[],
  { signal, twoPass = false }: InferOptions,
): Promise<Gathered> {
  const parser = await SqlParser.load();
  const gathered = {
    facts: [] as FileFacts[],
    setters: [] as (number | null)[],
    paths: [] as (readonly string[])[],
    findings: [] as Finding[],
  };
  let session = NEW_SESSION;
  let setter: number | null = null;
  for (const [index, { path }] of files.entries()) {
    // Parsing holds the thread; a signal is heard between two files.
    if (index % 16 === 15) await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    const parsed = parseFile(parser, index, path);
    const { facts, after } = factsOf(parser, parsed, session, twoPass);
    for (const finding of parsed.findings) gathered.findings.push(finding);
    gathered.facts.push(facts);
    gathered.setters.push(setter);
    gathered.paths.push(session.path);
    session = after;
    if (facts.setsAt !== null) setter = index;
  }
  return gathered;
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
