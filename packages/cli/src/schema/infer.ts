import type { FileNeed, Finding, InferWishes, ProposedOrder, WrittenNeeds } from '@tandem/schema';
import type { Call } from '../command.ts';
import { fileLines, fileRow, type ListValues } from '../commands/schema/list.ts';
import { annotate, wantsAnnotations } from '../findings/annotation.ts';
import { findingLines } from '../findings/finding-text.ts';
import { EXIT, type ExitCode } from '../run/exit-codes.ts';
import { plural } from '../terminal/numbers.ts';
import { isTerminal, printable, say, tell } from '../terminal/streams.ts';
import { builderOf, databaseOf } from './project-run.ts';

/** tandem schema list --infer: prints the order that the files require. */
export async function listProposed(call: Call<ListValues>): Promise<ExitCode> {
  const { values } = call;
  const builder = await builderOf(call);
  const proposed = await builder.inferNeeds(wishesOf(values));
  const { files, isBuildOrder, findings } = proposed;
  if (values.format === 'json') {
    await say(`${JSON.stringify(report(proposed), null, 2)}\n`);
    return endOf(findings);
  }
  await tellFindings(values, findings);
  await say(fileLines(files));
  const moved = files.filter(({ isMoved }) => isMoved).length;
  if (files.length > 0) {
    tellPerson(
      values,
      isBuildOrder
        ? 'A build has this order already'
        : `${moved} of ${plural(files.length, 'file')} moved; --write writes what they require into them`,
    );
  }
  return endOf(findings);
}

/** tandem schema list --infer --write: writes the lines that make the proposed order the build order. */
export async function writeProposed(call: Call<ListValues>): Promise<ExitCode> {
  const { values } = call;
  const dryRun = values['dry-run'] ?? false;
  const builder = await builderOf(call);
  const written = await builder.writeNeeds({ ...wishesOf(values), dryRun });
  const { files, findings } = written;
  if (values.format === 'json') {
    await say(`${JSON.stringify({ dry_run: dryRun, written: files, findings }, null, 2)}\n`);
    return endOf(findings);
  }
  await tellFindings(values, findings);
  await say(lines(written));
  if (endOf(findings) === EXIT.done) tellPerson(values, summary(written, dryRun));
  return endOf(findings);
}

function wishesOf(values: ListValues): InferWishes {
  return { schemaOnly: values['schema-only'] ?? false, database: databaseOf(values) };
}

/** Writes a note to stderr if stderr is a terminal. For programs, stderr stays empty on success. */
function tellPerson({ quiet }: ListValues, line: string): void {
  if (!quiet && isTerminal(2)) tell(`${line}\n`);
}

function lines({ files }: WrittenNeeds): string {
  return files
    .flatMap(({ path, requires }) => requires.map((label) => printable(`${path}: -- requires: ${label}`)))
    .map((line) => `${line}\n`)
    .join('');
}

function summary({ files }: WrittenNeeds, dryRun: boolean): string {
  if (files.length === 0) return 'Nothing to write: a build has the proposed order already';
  const count = files.reduce((sum, { requires }) => sum + requires.length, 0);
  return `${dryRun ? 'Would write' : 'Wrote'} ${plural(count, 'line')} into ${plural(files.length, 'file')}`;
}

function report({ files, isBuildOrder, needs, findings }: ProposedOrder): object {
  const byFile = new Map<string, FileNeed[]>();
  for (const need of needs) {
    const known = byFile.get(need.file);
    if (known === undefined) byFile.set(need.file, [need]);
    else known.push(need);
  }
  const rows = files.map((file) => ({
    ...fileRow(file),
    moved: file.isMoved,
    needs: (byFile.get(file.label) ?? []).map(needRow),
  }));
  return { files: rows, build_order: isBuildOrder, findings };
}

function needRow({ line, object, kind, neededFile, neededLine, isCertain }: FileNeed): object {
  return { line, object, kind, certain: isCertain, needed_file: neededFile, needed_line: neededLine };
}

async function tellFindings(values: ListValues, findings: readonly Finding[]): Promise<void> {
  if (wantsAnnotations(values)) await annotate(values, findings);
  else for (const line of await findingLines(findings, 2)) tell(`${line}\n`);
}

function endOf(findings: readonly Finding[]): ExitCode {
  return findings.some(({ severity }) => severity === 'error') ? EXIT.failed : EXIT.done;
}
