import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeLegacy } from '../src/formats/legacy.ts';
import { Inspector } from '../src/inspect.ts';

const vectors = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/ownership.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly { name: string; text: string; owner: string }[] };
const LIMITS = { maxSize: 1 << 20, maxDepth: 1024 };

describe('the owner of a document', () => {
  it.each(vectors.cases)('$name', ({ text, owner }) => {
    const bytes = Buffer.from(text);
    for (const lint of [false, true]) {
      const { fault, summary } = new Inspector(LIMITS, lint).inspect(bytes, bytes.length, 'json');
      expect(fault).toBe(null);
      expect(summary?.foreign ?? (summary?.isSidecar ? 'ours' : 'nobody')).toBe(owner);
    }
  });

  it('is Tandem for a document in Tandem’s formats', () => {
    for (const { text } of vectors.cases) {
      const bytes = encodeLegacy(Buffer.from(text));
      const { summary } = new Inspector(LIMITS, false).inspect(bytes, bytes.length, 'bin');
      expect(summary).toMatchObject({ isSidecar: true, foreign: null });
    }
  });

  it('is found in one pass, however many keys there are', () => {
    const keys = Array.from({ length: 200_000 }, () => '"face_detection":true');
    const bytes = Buffer.from(`{${keys.join(',')}}`);
    const { summary } = new Inspector({ maxSize: 1 << 24, maxDepth: 9 }, false).inspect(
      bytes,
      bytes.length,
      'json',
    );
    expect(summary).toMatchObject({ isSidecar: false, foreign: 'configuration' });
  });
});
