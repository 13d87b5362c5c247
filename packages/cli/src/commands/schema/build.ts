import type { BuildResult, Finding } from '@tandem/schema';
import { type Call, command } from '../../command.ts';
import { annotate, wantsAnnotations } from '../../findings/annotation.ts';
import { tellWarnings } from '../../findings/finding-text.ts';
import type { CommonValues } from '../../options/common.ts';
import { choice, flag, folder, type ValuesOf } from '../../options/option.ts';
import {
  FINDING_FORMAT,
  PROJECT,
  SCHEMA_ONLY,
  SCHEMA_OUTPUT,
  SCHEMA_SIZE,
  SOURCE_MAP,
} from '../../options/schema.ts';
import { notTogether } from '../../options/usage-error.ts';
import { EXIT, type ExitCode } from '../../run/exit-codes.ts';
import { builderOf, runProject } from '../../schema/project-run.ts';
import { plural, size } from '../../terminal/numbers.ts';
import { ClosedPipe, flushOut, say, writeOut } from '../../terminal/streams.ts';

const OPTIONS = {
  ...PROJECT,
  output: SCHEMA_OUTPUT,
  'schema-only': SCHEMA_ONLY,
  split: folder({
    value: 'DIR',
    about:
      'write three files into DIR instead: what a superuser runs first, the application, and what a superuser runs last',
  }),
  'source-map': SOURCE_MAP,
  durability: choice(['full', 'none'], {
    value: 'HOW',
    about: 'full, or none to skip waiting until the file is on disk',
    default: 'full',
  }),
  'show-hash': flag('print the hash that confiture 1.29 computes for these files'),
  format: {
    ...FINDING_FORMAT,
    about: 'format of the summary: text, json, or github for warnings and errors as annotations in CI',
  },
  'fail-on': choice(['warning'], {
    value: 'WHAT',
    about: 'warning: end with status 1 if there is a warning',
  }),
  'max-size': SCHEMA_SIZE,
};

type BuildCall = Call<ValuesOf<typeof OPTIONS> & CommonValues>;

export const schemaBuildCommand = command({
  options: OPTIONS,
  details:
    'Reads confiture projects without changes. The output is replaced only when the whole build has succeeded; if nothing changed, the file is not touched.',
  examples: [
    ['', 'build db/generated/schema_local.sql'],
    ['--env production --output schema.sql --source-map', 'another environment, with a source map'],
    ['--format github --fail-on warning', 'as a step in CI'],
    ['--output - | psql -v ON_ERROR_STOP=1 scratch', 'straight into a database'],
  ],
  async run(call) {
    const { values } = call;
    if (values.split !== undefined) return runSplit(call, values.split);
    const toStdout = values.output === '-';
    const result = await runProject(call, (builder) =>
      builder.build({
        ...(values.output === undefined ? {} : { output: toStdout ? null : values.output }),
        schemaOnly: values['schema-only'],
        sourceMap: values['source-map'],
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
});

async function runSplit(call: BuildCall, folder: string): Promise<ExitCode> {
  const { values } = call;
  if (values.output !== undefined || values['source-map']) {
    const other = values.output === undefined ? 'source-map' : 'output';
    throw notTogether('--split', `--${other}`);
  }
  const builder = await builderOf(call);
  const parts = await builder.buildSplit(folder, {
    schemaOnly: values['schema-only'],
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

async function tellFindings({ title, values }: BuildCall, findings: readonly Finding[]): Promise<void> {
  if (wantsAnnotations(values)) await annotate(values, findings);
  else tellWarnings(title, findings);
}

async function writeSchema(schema: readonly Uint8Array[]): Promise<void> {
  try {
    for (const part of schema) await writeOut(part);
    await flushOut();
  } catch (error) {
    // A closed pipe is not an error.
    if (!(error instanceof ClosedPipe)) throw error;
  }
}

function summary(result: BuildResult, hash: string | null): string {
  const { output, status, map } = result;
  const what = amount(result);
  return [
    status === 'unchanged' ? `${output} is up to date: ${what}` : `Built ${output}: ${what}`,
    ...(map === null ? [] : [`Source map: ${output}.map.json`]),
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

function endOf({ values }: BuildCall, { findings }: Pick<BuildResult, 'findings'>): ExitCode {
  return values['fail-on'] === 'warning' && findings.length > 0 ? EXIT.failed : EXIT.done;
}
