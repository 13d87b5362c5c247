import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const entries = Object.keys(JSON.parse(read('../package.json')).exports).filter(
  (name) => name !== './package.json',
);
const codes = ['sidecar', 'files', 'engine'].flatMap((name) =>
  (JSON.parse(read(`../../../spec/errors/${name}.json`)).codes as { code: string }[]).map(({ code }) => code),
);

describe('the error codes', () => {
  test.each(entries)('are defined for a program that imports only %s', (entry) => {
    const program = `import ${JSON.stringify(`@tandem/sidecar${entry.slice(1)}`)};
      import { isErrorCode } from '@tandem/engine';
      console.log(JSON.stringify(${JSON.stringify(codes)}.filter((code) => !isErrorCode(code))));`;
    const cwd = new URL('..', import.meta.url);
    const args = ['--input-type=module', '--eval', program];
    expect(JSON.parse(execFileSync(process.execPath, args, { cwd, encoding: 'utf8' }))).toEqual([]);
  });
});
