import type { Selection } from '@tandem/engine';
import type { DatabaseChoice, SchemaBuilder } from '@tandem/schema';
import type { Call, OptionValues } from './command.ts';
import { RunFeedback } from './run-feedback.ts';
import { badOption } from './usage-error.ts';

/** What a run over the files of a project tells of itself. */
interface Ran {
  readonly files: number;
  readonly bytes?: number;
  readonly selection: Selection;
  readonly seconds: number;
}

/** Runs something over the files of the project that a command is about, and tells how it went. */
export async function runProject<R extends Ran>(
  call: Call,
  work: (builder: SchemaBuilder) => Promise<R>,
): Promise<R> {
  const feedback = new RunFeedback(call, null, true);
  try {
    const result = await work(await builderOf(call, feedback));
    const { files, bytes = 0, selection, seconds } = result;
    feedback.onProgress({ files, bytes, seconds, cursor: '' });
    feedback.finished(selection, seconds);
    return result;
  } finally {
    feedback.end();
  }
}

/** The builder of the project that a command is about. */
export async function builderOf({ values, signal }: Call, feedback?: RunFeedback): Promise<SchemaBuilder> {
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

/** The database that a run is to apply a schema to. */
export function databaseOf({ database = 'auto', 'database-url': url }: OptionValues): DatabaseChoice {
  if (url === undefined) return database;
  if (database !== 'auto') {
    throw badOption('--database-url', 'and --database exclude each other', 'leave out one of them');
  }
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw badOption('--database-url', 'is no URL of PostgreSQL', 'give postgres://user@host/database');
  }
  return { url };
}
