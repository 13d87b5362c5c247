import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** A project to create on the disk. */
export interface Planted {
  /** Paths of files below the project; a path that ends in a slash is a folder. */
  readonly files: readonly string[];
  /** Their contents; by default a comment. */
  readonly contents?: Readonly<Record<string, string>>;
  /** Paths of links, and their targets. */
  readonly links?: Readonly<Record<string, string>>;
  /** db/environments/local.yaml without its database_url. */
  readonly config: string;
  /** The same for other environments. */
  readonly otherConfigs?: Readonly<Record<string, string>>;
  /** The name of the project's folder. */
  readonly name?: string;
}

export const DATABASE = 'database_url: postgresql://localhost/planted\n';

const base = mkdtempSync(join(tmpdir(), 'tandem-schema-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let count = 0;

/** Creates a project in a folder that is removed after the tests. */
export function plant(planted: Planted): string {
  const { files, contents = {}, links = {}, config, otherConfigs = {}, name = 'project' } = planted;
  count += 1;
  const project = join(base, String(count), name);
  for (const file of files) {
    const path = join(project, file);
    mkdirSync(file.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!file.endsWith('/')) writeFileSync(path, contents[file] ?? `-- ${file}\n`);
  }
  for (const [link, target] of Object.entries(links)) {
    const path = join(project, link);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path);
  }
  mkdirSync(join(project, 'db/environments'), { recursive: true });
  for (const [env, text] of Object.entries({ local: config, ...otherConfigs })) {
    writeFileSync(join(project, 'db/environments', `${env}.yaml`), DATABASE + text);
  }
  return project;
}

/** Removes a project, for tests that create many. */
export function uproot(project: string): void {
  rmSync(dirname(project), { recursive: true, force: true });
}
