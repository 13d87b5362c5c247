import { relative } from 'node:path';
import { SchemaBuilder, type VerifyReport, type VerifyWishes } from '@tandem/schema';
import { temporaryTree } from './temporary-tree.ts';

const CONFIG = 'database_url: postgresql://localhost/app\ninclude_dirs:\n  - db/schema\n';

type Files = Readonly<Record<string, string | Uint8Array>>;

export interface VerifyOptions extends VerifyWishes {
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** Verifies a project with these files below db/schema. */
export async function verify(files: Files, options: VerifyOptions): Promise<VerifyReport> {
  const { timeout, signal, ...wishes } = options;
  const builder = new SchemaBuilder({
    projectDir: projectOf(files),
    ...(timeout === undefined ? {} : { timeout }),
    ...(signal === undefined ? {} : { signal }),
  });
  return builder.verify(wishes);
}

export function projectOf(files: Files): string {
  const below = Object.entries(files).map(([name, content]) => [`db/schema/${name}`, content] as const);
  return temporaryTree({ 'db/environments/local.yaml': CONFIG, ...Object.fromEntries(below) });
}

/** `10/a.sql:3:20: message` for each finding. */
export function told({ findings }: VerifyReport): string[] {
  return findings.map(({ path, line, column, message }) => {
    const name = path.slice(path.indexOf('db/schema/') + 'db/schema/'.length);
    return `${relative('.', name)}:${line}:${column}: ${message}`;
  });
}
