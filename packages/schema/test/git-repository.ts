import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryTree } from './temporary-tree.ts';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A repository without the settings of the machine; removed after the test. */
export class GitRepository {
  readonly folder: string = temporaryTree();

  constructor() {
    this.git('init', '--quiet', '--initial-branch=main');
  }

  git(...args: string[]): string {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
    const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
    const all = [...identity, '-c', 'protocol.file.allow=always', ...args];
    return execFileSync('git', all, { cwd: this.folder, env, encoding: 'utf8', stdio: 'pipe' });
  }

  write(files: Files): this {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), content);
    }
    return this;
  }

  link(name: string, target: string): this {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    symlinkSync(target, join(this.folder, name));
    return this;
  }

  remove(...names: string[]): this {
    for (const name of names) rmSync(join(this.folder, name), { recursive: true, force: true });
    return this;
  }

  /** Commits all files. */
  commit(message = 'a commit'): this {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '-m', message);
    return this;
  }
}
