import { describe, expect, test } from 'vitest';
import type { ConvertOptions } from '../src/operations/convert.ts';
import { type FileStep, FileSteps } from '../src/store/file-steps.ts';
import { folderOf, stemOf } from '../src/walk/raw-path.ts';
import { FACE, names, treeMaker } from './convert-fixture.ts';
import { converted, stored } from './convert-trees.ts';

/**
 * A power failure keeps what was synced and may keep or lose anything else, in any order. So it is enough to look at the log of the
 * steps: whatever is removed or replaced must have its replacement synced, bytes and name, by then.
 */
class PowerModel {
  readonly #to: string;
  /** Files with bytes that may not be on the disk. */
  readonly #unwritten = new Set<string>();
  /** Names that may not be on the disk. */
  readonly #unnamed = new Set<string>();
  /** Names whose bytes and name are. */
  readonly safe = new Set<string>();
  readonly removed: string[] = [];

  constructor(to: string) {
    this.#to = to;
  }

  take({ what, path, to = '' }: FileStep): void {
    if (what === 'write') this.#unwritten.add(path);
    else if (what === 'sync') this.#sync(path);
    else if (what === 'sync-folder') this.#syncFolder(path);
    else if ((what === 'link' || what === 'rename') && !isTreeScratch(to)) this.#name(path, to);
    else if (what === 'unlink' && !path.includes('.tandem-')) this.#remove(path);
  }

  #sync(path: string): void {
    this.#unwritten.delete(path);
    // A target of an earlier run: its bytes are safe now, its name with its folder.
    if (!path.includes('.tandem-')) this.#unnamed.add(path);
  }

  #syncFolder(folder: string): void {
    for (const path of this.#unnamed) {
      if (folderOf(path) !== folder) continue;
      this.#unnamed.delete(path);
      this.safe.add(path);
    }
  }

  #name(path: string, to: string): void {
    expect(this.#unwritten, `the bytes of ${to} are on the disk before it has its name`).not.toContain(path);
    this.#unnamed.add(to);
  }

  #remove(path: string): void {
    expect(this.safe, `the target of ${path} is on the disk before it is removed`).toContain(
      `${stemOf(path)}.${this.#to}`,
    );
    this.removed.push(path);
  }
}

function isTreeScratch(path: string): boolean {
  return path.includes('.tandem-');
}

const rootWith = treeMaker();
const FILES_TO = {
  bin: {
    'a.json': FACE,
    'b.bin': stored(FACE, 'legacy'),
    'deep/c.json': FACE,
    'deep/er/d.rkyv': stored(FACE, 'rkyv'),
    // What an interrupted run left: it may never have been synced.
    'deep/e.json': FACE,
    'deep/e.bin': stored(FACE, 'bin'),
  },
  rkyv: { 'a.json': FACE, 'b.rkyv': stored(FACE, 'legacy'), 'deep/c.bin': stored(FACE, 'bin') },
};

async function logged(options: Omit<ConvertOptions, 'engine' | 'layout'>): Promise<FileStep[]> {
  const log: FileStep[] = [];
  await converted(options, new FileSteps((step) => log.push(step)));
  return log;
}

describe('a power failure at any moment', () => {
  test.each(['bin', 'rkyv'] as const)('loses nothing on the way to %s', async (format) => {
    const root = rootWith(FILES_TO[format]);
    const model = new PowerModel(format);
    for (const step of await logged({ input: root, format })) model.take(step);
    expect(model.removed.length).toBe(format === 'bin' ? 4 : 2);
    expect(names(root).every((name) => name.endsWith(`.${format}`))).toBe(true);
    expect([...model.safe].sort()).toEqual(
      names(root)
        .map((name) => `${root}/${name}`)
        .sort(),
    );
  });

  test('is another matter without durability: then nothing is synced', async () => {
    const log = await logged({ input: rootWith(FILES_TO.bin), format: 'bin', durability: 'none' });
    expect(log.filter(({ what }) => what === 'sync' || what === 'sync-folder')).toEqual([]);
  });
});
