import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { temporaryFolder } from '../../files/test/store-files.ts';
import type { StoredFormat } from '../src/generated/formats.ts';
import { sealed } from '../src/store/splice.ts';

const LIMITS = { maxSize: 1 << 20, maxDepth: 64 };

/** Returns a function that makes folders with files, in a folder of the test file. */
export function folderMaker(): (files: Readonly<Record<string, string | Buffer>>) => string {
  const base = temporaryFolder();
  let folders = 0;
  return (files) => {
    folders += 1;
    const folder = join(base, `save-${folders}`);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return folder;
  };
}

/** A document as it is stored in a format. */
export function as(format: StoredFormat, document: unknown): Buffer {
  return sealed(format, Buffer.from(JSON.stringify(document)), LIMITS);
}

/** The error of a save, by the end of its code. */
export function error(code: string, more: Record<string, unknown> = {}): Error {
  return expect.objectContaining({ code: `ERR_TANDEM_${code}`, ...more }) as Error;
}

/** The names of Tandem's own files in a folder. */
export function scratchIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('.tandem-'));
}
