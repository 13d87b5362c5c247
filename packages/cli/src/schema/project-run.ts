import type { Selection } from '@tandem/engine';
import type { DatabaseChoice, SchemaBuilder } from '@tandem/schema';
import type { Call } from '../command.ts';
import type { CommonValues } from '../options/common.ts';
import type { ValuesOf } from '../options/option.ts';
import type { DATABASE, PROJECT } from '../options/schema.ts';
import { badOption, notTogether } from '../options/usage-error.ts';
import { RunFeedback } from '../report/run-feedback.ts';

/** The values of every command on a project. A watch has no time limit. */
type ProjectValues = ValuesOf<typeof PROJECT> &
  Omit<CommonValues, 'timeout' | 'color'> & {
    readonly timeout?: number | undefined;
    readonly 'max-size'?: number | undefined;
  };

/** The fields of every result of a run on the files of a project. */
interface Ran {
  readonly files: number;
  readonly bytes?: number;
  readonly selection: Selection;
  readonly seconds: number;
}

/** Runs `work` on the files of the project, and shows progress and the outcome on stderr. */
export async function runProject<R extends Ran>(
  call: Call<ProjectValues>,
  work: (builder: SchemaBuilder) => Promise<R>,
): Promise<R> {
  const feedback = new RunFeedback(call, null);
  try {
    const result = await work(await builderOf(call, feedback));
    const { files, bytes = 0, selection, seconds } = result;
    feedback.onProgress({ files, bytes, seconds });
    feedback.finished(selection, seconds);
    return result;
  } finally {
    feedback.end();
  }
}

/** The builder for the project of a command line. */
export async function builderOf(
  { values, signal }: Call<ProjectValues>,
  feedback?: RunFeedback,
): Promise<SchemaBuilder> {
  const { SchemaBuilder } = await import('@tandem/schema');
  const { engine, workers, timeout } = values;
  return new SchemaBuilder({
    ...(values['project-dir'] === undefined ? {} : { projectDir: values['project-dir'] }),
    ...(values.env === undefined ? {} : { env: values.env }),
    ...(values['max-size'] === undefined ? {} : { maxSize: values['max-size'] }),
    ...(engine === undefined ? {} : { engine }),
    ...(workers === undefined ? {} : { workers }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(feedback === undefined ? {} : { onFallback: feedback.onFallback }),
    signal,
  });
}

/** The database to apply a schema to. */
export function databaseOf({
  database = 'auto',
  'database-url': url,
}: ValuesOf<typeof DATABASE>): DatabaseChoice {
  if (url === undefined) return database;
  if (database !== 'auto') {
    throw notTogether('--database-url', '--database');
  }
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw badOption('--database-url', 'is not a PostgreSQL URL', 'use postgres://user@host/database');
  }
  return { url };
}
