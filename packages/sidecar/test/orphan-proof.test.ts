import { lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../files/test/store-files.ts';
import { isAsPlanned, OrphanProof, type PlannedOrphan, type Proved } from '../src/store/orphan-proof.ts';
import { SIDECAR } from './cleanup-trees.ts';

/** The proof of one orphan, step by step: spec/sidecar/cleanup.md, "Steps". */

const base = temporaryFolder();
const OPTIONS = { operation: '', maxSize: 1 << 20, maxDepth: 64 };
let trees = 0;
function planted(text: string = SIDECAR): { readonly root: string; readonly planned: PlannedOrphan } {
  trees += 1;
  const root = `${join(base, `tree-${trees}`)}/`;
  mkdirSync(root);
  const path = `${root}IMG.json`;
  writeFileSync(path, text);
  const { size, dev, ino, mtimeNs } = lstatSync(path, { bigint: true });
  const planned = { path, size: Number(size), device: `${dev}`, inode: `${ino}`, mtimeNs: `${mtimeNs}` };
  return { root, planned };
}

const OTHERS: readonly Partial<PlannedOrphan>[] = [
  { size: 1 },
  { device: '1' },
  { inode: '1' },
  { mtimeNs: '1' },
];

describe('a file is as planned', () => {
  test('with its size, its device, its inode and its time, and in no other case', () => {
    const { root, planned } = planted();
    expect(isAsPlanned(planned, planned.path)).toBe(true);
    for (const other of OTHERS) expect(isAsPlanned({ ...planned, ...other }, planned.path)).toBe(false);
    symlinkSync('IMG.json', `${root}link`);
    for (const path of [`${root}link`, `${root}none`, `${planned.path}/x`, root]) {
      expect(isAsPlanned(planned, path)).toBe(false);
    }
  });

  test('also when it is read', () => {
    const { root, planned } = planted();
    const proof = new OrphanProof(root, OPTIONS);
    expect(proof.read(planned)).toMatchObject({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      imagePath: null,
    });
    for (const other of OTHERS) expect(proof.read({ ...planned, ...other })).toBe('changed');
    rmSync(planned.path);
    expect(proof.read(planned)).toBe('changed');
  });

  test.each(['{}', '[', '{"face_detection":{"enabled":true}}'])(
    'only if it is still a sidecar: %s',
    (text) => {
      const { root, planned } = planted(text);
      expect(new OrphanProof(root, OPTIONS).read(planned)).toBe('changed');
    },
  );
});

describe('right before its move', () => {
  function proved(): { readonly proof: OrphanProof; readonly root: string } & Proved {
    const { root, planned } = planted();
    const proof = new OrphanProof(root, OPTIONS);
    const read = proof.read(planned);
    if (typeof read === 'string') throw new Error(read);
    return { proof, root, orphan: planned, proved: read };
  }

  test('an orphan has no image and is unchanged', () => {
    const { proof, orphan, proved: read } = proved();
    expect(proof.again(orphan, read)).toBe(null);
    for (const other of OTHERS) expect(proof.again({ ...orphan, ...other }, read)).toBe('changed');
  });

  test.each([
    ['IMG.jpg', 'image_found'],
    ['IMG.part', 'image_uncertain'],
  ])('%s beside it keeps it, and brings it back after the move', (name, reason) => {
    const { proof, root, orphan, proved: read } = proved();
    expect(proof.again(orphan, read)).toBe(null);
    writeFileSync(root + name, '');
    expect(proof.again(orphan, read)).toBe(reason);
    expect([...proof.returned([{ orphan, proved: read }])].map(([, why]) => why)).toEqual([reason]);
  });

  test('the image that it names keeps it', () => {
    const { proof, root, orphan, proved: read } = proved();
    const named = { ...read, imagePath: 'there.jpg' };
    expect(proof.again(orphan, named)).toBe(null);
    writeFileSync(`${root}there.jpg`, '');
    expect(proof.again(orphan, named)).toBe('image_elsewhere');
  });

  test('a folder that is gone has no images and no file to move', () => {
    const { proof, root, orphan, proved: read } = proved();
    rmSync(root, { recursive: true });
    expect(proof.again(orphan, read)).toBe('changed');
    expect([...proof.returned([{ orphan, proved: read }])]).toEqual([]);
  });
});
