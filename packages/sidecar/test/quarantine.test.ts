import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleaned, folderMaker, SIDECAR, scratchIn, snapshot, undone } from './cleanup-trees.ts';

const folderWith = folderMaker();

describe('a cleanup and its undo', () => {
  const name = fc.constantFrom(
    'IMG_1',
    'img_1',
    'IMG_2',
    'caf\xe9',
    'Caf\xc3\xa9',
    'Cafe\xcc\x81',
    'a b\n"c"',
    'metadata',
    '\xff',
  );
  const extension = fc.constantFrom(
    '.jpg',
    '.JPG',
    '.CR2',
    '.json',
    '.jpg.json',
    '.BIN',
    '.rkyv',
    '.txt',
    '',
  );
  const folderName = fc.constantFrom('', 'sub/', 'sub/x/', 'r\xe9/', '.tandem-mine/');
  const content = fc.constantFrom(
    SIDECAR,
    '{"yolov8":[],"image_path":"IMG_1.jpg"}',
    '{"image_path":"sub/IMG_2.CR2","unified":[]}',
    '{}',
    '[',
    '',
    SIDECAR,
  );
  const tree = fc.array(fc.tuple(folderName, name, extension, content), { minLength: 1, maxLength: 24 });

  it('leave the tree as it was, byte for byte', async () => {
    let moved = 0;
    await fc.assert(
      fc.asyncProperty(tree, async (entries) => {
        const folder = folderWith({
          'there.jpg': '',
          ...Object.fromEntries(
            entries.map(([at, stem, end, text]) => [`${at}${stem}${end || '.dat'}`, text]),
          ),
        });
        const before = snapshot(folder);
        const report = await cleaned(folder);
        moved += report.moved ?? 0;
        const after = snapshot(folder);
        // Every file is in its place or in the quarantine, whole.
        const kept = [...before].filter(([path, bytes]) => after.get(path) === bytes).length;
        expect(kept + (report.moved ?? 0)).toBe(before.size);
        expect(await undone(folder)).toMatchObject({ restored: report.moved, failed: 0, left: {} });
        expect(snapshot(folder)).toEqual(before);
        expect(scratchIn(folder)).toEqual(
          entries.some(([at]) => at === '.tandem-mine/') ? ['.tandem-mine'] : [],
        );
      }),
      { numRuns: 60 },
    );
    expect(moved).toBeGreaterThan(20);
  });
});
