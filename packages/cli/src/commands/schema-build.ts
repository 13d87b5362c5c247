import type { BuildResult, Finding } from '@tandem/schema';
import { annotate, wantsAnnotations } from '../annotation.ts';
import type { Call, Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { tellWarnings } from '../finding-text.ts';
import { plural, size } from '../numbers.ts';
import { FINDING_FORMAT, OUTPUT, PROJECT, RUN, SCHEMA_ONLY, SCHEMA_SIZE } from '../options.ts';
import { builderOf, runProject } from '../schema-run.ts';
import { ClosedPipe, flushOut, say, writeOut } from '../streams.ts';
import { badOption } from '../usage-error.ts';

export const schemaBuildCommand: Command = {
  options: {
    ...PROJECT,
    output: {
      ...OUTPUT,
      about:
        "write the schema to FILE, whole or not at all; '-' is stdout; db/generated/schema_ENV.sql unless given",
    },
    'schema-only': SCHEMA_ONLY,
    split: {
      value: 'DIR',
      about:
        'write three files into DIR instead: what a superuser runs before, the application, what a superuser runs after',
    },
    'source-map': { about: 'write FILE.map.json too, for tandem schema where' },
    durability: {
      value: 'HOW',
      about: 'full (the default) or none, which leaves out the syncs',
      choices: ['full', 'none'],
    },
    'show-hash': { about: 'print the hash that confiture 1.29 gives these files' },
    format: {
      ...FINDING_FORMAT,
      about: 'of the summary: text (the default) or json; github: warnings and errors are annotations in CI',
    },
    'fail-on': { value: 'WHAT', about: 'warning: end with status 1 if there is one', choices: ['warning'] },
    'max-size': SCHEMA_SIZE,
    ...RUN,
  },
  details:
    'Reads projects of confiture as they are. Nothing is in its place before all of it is right, and a result that did not change leaves the file untouched.',
  examples: [
    ['', 'build db/generated/schema_local.sql'],
    ['--env production --output schema.sql --source-map', 'another environment, with its map'],
    ['--format github --fail-on warning', 'as a step of CI'],
    ['--output - | psql -v ON_ERROR_STOP=1 scratch', 'straight into a database'],
  ],
  async run(call) {
    const { values } = call;
    if (values.split !== undefined) return runSplit(call, values.split);
    const toStdout = values.output === '-';
    const result = await runProject(call, (builder) =>
      builder.build({
        ...(values.output === undefined ? {} : { output: toStdout ? null : values.output }),
        schemaOnly: values['schema-only'] ?? false,
        sourceMap: values['source-map'] ?? false,
        durability: values.durability ?? 'full',
      }),
    );
    const hash = values['show-hash'] ? await (await builderOf(call)).hash() : null;
    await tellFindings(call, result.findings);
    if (result.schema !== null) await writeSchema(result.schema);
    else if (values.format === 'json') await say(report(result, hash));
    else if (!values.quiet) await say(summary(result, hash));
    return endOf(call, result);
  },
};

async function runSplit(call: Call, folder: string): Promise<ExitCode> {
  const { values } = call;
  if (values.output !== undefined || values['source-map']) {
    const other = values.output === undefined ? 'source-map' : 'output';
    throw badOption('--split', `and --${other} exclude each other`, 'leave out one of them');
  }
  const builder = await builderOf(call);
  const parts = await builder.buildSplit(folder, {
    schemaOnly: values['schema-only'] ?? false,
    durability: values.durability ?? 'full',
  });
  const hash = values['show-hash'] ? await builder.hash() : null;
  const findings = parts.flatMap((part) => part.findings);
  await tellFindings(call, findings);
  if (values.format === 'json') {
    await say(`${JSON.stringify({ parts, ...(hash === null ? {} : { hash }) }, null, 2)}\n`);
  } else if (!values.quiet) {
    const lines = parts.map((part) => `${part.output}: ${amount(part)}\n`);
    await say([...lines, ...(hash === null ? [] : [`Hash: ${hash}\n`])].join(''));
  }
  return endOf(call, { findings });
}

async function tellFindings({ title, values }: Call, findings: readonly Finding[]): Promise<void> {
  if (wantsAnnotations(values)) await annotate(values, findings);
  else tellWarnings(title, findings);
}

async function writeSchema(schema: readonly Uint8Array[]): Promise<void> {
  try {
    for (const part of schema) await writeOut(part);
    await flushOut();
  } catch (error) {
    // A reader that has left is no failure.
    if (!(error instanceof ClosedPipe)) throw error;
  }
}

function summary(result: BuildResult, hash: string | null): string {
  const { output, status, map } = result;
  const what = amount(result);
  return [
    status === 'unchanged' ? `${output} is up to date: ${what}` : `Built ${output}: ${what}`,
    ...(map === null ? [] : [`Map of its lines: ${output}.map.json`]),
    ...(hash === null ? [] : [`Hash: ${hash}`]),
    '',
  ].join('\n');
}

function amount({ files, bytes }: Pick<BuildResult, 'files' | 'bytes'>): string {
  return `${plural(files, 'file')}, ${size(bytes)}`;
}

function report(result: BuildResult, hash: string | null): string {
  const { output, files, bytes, bodySha256, status, findings } = result;
  const facts = {
    output,
    files,
    bytes,
    body_sha256: bodySha256,
    status,
    ...(hash === null ? {} : { hash }),
    findings,
  };
  return `${JSON.stringify(facts, null, 2)}\n`;
}

function endOf({ values }: Call, { findings }: Pick<BuildResult, 'findings'>): ExitCode {
  return values['fail-on'] === 'warning' && findings.length > 0 ? EXIT.failed : EXIT.done;
}
