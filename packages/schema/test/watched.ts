import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildResult, SchemaBuilder, type SchemaWatchOptions, type WatchEvent } from '@tandem/schema';
import { onTestFinished } from 'vitest';
import { temporaryTree } from './temporary-tree.ts';

/** A watched project. */
export interface Watched {
  /** The path of a name below db. */
  at(name: string): string;
  readonly events: AsyncGenerator<WatchEvent, void, undefined>;
  readonly output: string;
  /** The next event. */
  next(): Promise<WatchEvent>;
  put(name: string, text: string): void;
  /** What a build makes of the project as it is now. */
  built(): Promise<Buffer>;
  mapped(): Promise<BuildResult>;
  end(): void;
}

/** @param options `output` is relative to db/schema */
export function watched(
  files: Readonly<Record<string, string>>,
  { output, ...options }: SchemaWatchOptions = {},
): Watched {
  const projectDir = temporaryTree(files);
  const ending = new AbortController();
  const at = (name: string): string => join(projectDir, 'db', name);
  const place = output === undefined ? at('generated/schema_local.sql') : at(`schema/${output}`);
  const events = new SchemaBuilder({ projectDir, signal: ending.signal }).watch({
    ...options,
    ...(output === undefined ? {} : { output: place }),
  });
  onTestFinished(async () => {
    ending.abort();
    await events.return(undefined);
  });
  const build = (sourceMap: boolean): Promise<BuildResult> =>
    new SchemaBuilder({ projectDir }).build({ output: null, sourceMap });
  return {
    at,
    events,
    output: place,
    end: () => ending.abort(),
    next: async () => {
      const { value, done } = await events.next();
      if (done) throw new Error('the watch has ended');
      return value;
    },
    put: (name, text) => {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), text);
    },
    built: async () => Buffer.concat((await build(false)).schema ?? []),
    mapped: () => build(true),
  };
}
