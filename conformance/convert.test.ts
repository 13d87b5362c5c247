import { lstatSync, mkdirSync, readlinkSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { LIMITS, TandemError } from '@tandem/engine';
import { newRun } from '@tandem/files';
import { JOB_STEPS } from '@tandem/job';
import type { NativeAddon, RowBatch } from '@tandem/native';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lockText } from '../packages/files/src/locks/lock-file.ts';
import { treeOf } from '../packages/files/test/store-files.ts';
import { ConvertSource } from '../packages/sidecar/src/convert/convert-source.ts';
import { NativeConvert } from '../packages/sidecar/src/convert/native-convert.ts';
import type { ConvertRequest } from '../packages/sidecar/src/engines/requests.ts';
import { FORMAT_FACTS, type StoredFormat } from '../packages/sidecar/src/generated/formats.ts';
import { stored } from '../packages/sidecar/test/convert-trees.ts';
import {
  addon,
  bytesOf,
  context,
  keptBatches,
  link,
  newFolder,
  plant,
  raw,
} from '../packages/sidecar/test/scan-trees.ts';

/**
 * Converts random trees on both engines, from the same tree at the same path: rows, totals and cursors must
 * agree batch by batch, and the trees afterwards byte for byte. Runs where the addon is built; otherwise
 * there is nothing to compare.
 */

const RUNS = Number(process.env['TANDEM_CONFORMANCE_RUNS'] ?? 40);

type Content = string | { readonly text: string; readonly as: StoredFormat };
type Planted = readonly (readonly [string, Content])[];

const TEXTS = [
  '{"face_detection": [1.0, 2],\t"u":"\\u0041"}',
  '{"sidecar_info":{"operation_type":"unified"},"n":1e999,"n":12345678901234567890}',
  '{"yolov8":{"detections":[{"c":"\\ud800"}],"tool":"t"}}',
  '{"face_detection":{}}',
  '{"name":"x"}',
  '[]',
  ' 1 ',
];
const BROKEN = [
  '',
  '{"a":',
  '\xef\xbb\xbf{}',
  '\xff',
  '\x89TNDMB\r\n\x01',
  '\x89TNDMR\r\nxxxx',
  '\x09\0\0\0\0\0\0\0{"a":1}',
  'no',
];
const CLAIM = (run: string): string => `{"tandem":"claim","version":1,"run":"${run}"}\n`;
const DEAD = newRun().id.replace(/-\d+-\d+-/, '-4194305-7-');

const content: fc.Arbitrary<Content> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      text: fc.constantFrom(...TEXTS),
      as: fc.constantFrom(
        'json' as const,
        'json' as const,
        'bin' as const,
        'rkyv' as const,
        'legacy' as const,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom(...BROKEN) },
  { weight: 1, arbitrary: fc.constantFrom(CLAIM(DEAD), CLAIM(newRun().id), CLAIM('other-s0-1-2-r00000000')) },
);
const stem = fc
  .constantFrom('a', 'A', 'b', 'b.jpg', 'c.x', 'é', 'e\u0301', '"', '\n', ...['\xff', '\xf0\x9f\x98'])
  .map((name) => (name >= '\x80' ? name : raw(name)));
const file = fc
  .tuple(stem, fc.constantFrom('.json', '.JSON', '.bin', '.rkyv', '.Bin', '.jpg', '.txt'))
  .map(([name, extension]) => name + extension);
const special = fc.constantFrom(`.tandem-${DEAD}-3`, `.tandem-other-s0-1-2-r00000000-0`, '._a.json', '.json');
const path = fc
  .tuple(
    fc.constantFrom('', '', 'd/', 'd/e/', 'a.bin/'),
    fc.oneof({ weight: 9, arbitrary: file }, { weight: 1, arbitrary: special }),
  )
  .map((parts) => parts.join(''));
const files: fc.Arbitrary<Planted> = fc.uniqueArray(fc.tuple(path, content), {
  maxLength: 24,
  selector: ([name]) => name,
});
/**
 * Locks of saves: held for long, dead, half written, or not a lock. makeAt() sets their times to long ago.
 */
const lock = fc.tuple(
  fc
    .tuple(fc.constantFrom('', 'd/'), stem, fc.constantFrom('.json', '.bin', '.rkyv'))
    .map(([folder, name, extension]) => `${folder}.tandem-lock-${name}${extension}`),
  fc.constantFrom(
    lockText(newRun(), { operation: 'save' }),
    lockText({ ...newRun(), id: 'other-s0-1-2-r00000000' }, { operation: 'save' }),
    lockText({ ...newRun(), id: DEAD }, { operation: 'save' }),
    lockText(newRun(), { operation: 'save' }).slice(0, -9),
    'no lock\n',
    '',
  ),
);
const locks: fc.Arbitrary<Planted> = fc.uniqueArray(lock, { maxLength: 6, selector: ([name]) => name });
const links = fc.array(fc.tuple(path, fc.constantFrom('a.json', 'd', 'nowhere', '../b.bin')), {
  maxLength: 2,
});
const options = fc.record({
  to: fc.constantFrom('bin' as const, 'bin' as const, 'rkyv' as const, 'json' as const),
  legacyLayout: fc.boolean(),
  keep: fc.boolean(),
  dryRun: fc.boolean(),
  volatile: fc.boolean(),
  operation: fc.constantFrom('', '', '', 'face_detection'),
  maxSize: fc.constantFrom(1 << 20, 1 << 20, 200),
});

function bytes(content: Content): Buffer {
  return Buffer.from(typeof content === 'string' ? content : stored(content.text, content.as), 'latin1');
}

function makeAt(root: string, planted: Planted, linked: readonly (readonly [string, string])[]): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  for (const [name, what] of planted) {
    try {
      plant(root, { [name]: bytes(what) });
      // Written long ago, with the same time in both trees.
      utimesSync(bytesOf(`${root}/${name}`), 1e9, 1e9);
    } catch {
      // A file where a folder is needed.
    }
  }
  for (const [name, target] of linked) {
    try {
      link(root, name, target);
    } catch {
      // The name is taken, or a file is in place of a folder.
    }
  }
}

function requestFor(root: string, given: Partial<ConvertRequest>): ConvertRequest {
  const run = newRun();
  const dryRun = given.dryRun ?? false;
  return {
    root,
    operation: '',
    to: 'bin',
    legacyLayout: false,
    keep: false,
    volatile: false,
    separator: '\n',
    maxSize: 1 << 20,
    maxDepth: 64,
    run: run.id,
    after: '',
    ...given,
    dryRun,
    journal: dryRun ? '' : `${root}/.tandem-journal-${run.id}`,
  };
}

/** Groups of about a thousand files. */
const SMALL = { ...LIMITS, convertGroupFiles: 1024 };

/** An addon whose k-th call of stageFiles fails after it has staged half of the files. */
function failingAt(call: number, real: NativeAddon): NativeAddon {
  let calls = 0;
  return {
    ...real,
    stageFiles: async (request) => {
      if (calls++ !== call) return real.stageFiles(request);
      const { folders } = request;
      await real.stageFiles({ ...request, folders: folders.slice(0, Math.ceil(folders.length / 2)) });
      throw new Error('the addon fails');
    },
  };
}

/** Whether a link is there, which leads to a file: a file may have its name, or the name of its folder. */
function leadsToFile(root: string, name: string): boolean {
  const path = bytesOf(`${root}/${name}`);
  try {
    return lstatSync(path).isSymbolicLink() && statSync(path).isFile();
  } catch {
    return false;
  }
}

async function run(request: ConvertRequest, engine: 'typescript' | 'native', workers = 2): Promise<unknown> {
  const source =
    engine === 'native' && addon !== null
      ? new ConvertSource(request, JOB_STEPS, new NativeConvert(addon, request, context(workers)))
      : new ConvertSource(request);
  let batches: readonly RowBatch[];
  try {
    batches = await keptBatches(source);
  } catch (error) {
    if (error instanceof TandemError) return error.code;
    return /ERR_TANDEM_\w+/.exec(String(error))?.[0] ?? String(error);
  }
  return { told: batches.map(asTold), journal: journalOf(request) };
}

function asTold({ rows, ...rest }: RowBatch): object {
  return { rows: Buffer.from(rows).toString('latin1'), ...rest };
}

function journalOf({ journal, root }: ConvertRequest): string[] {
  const text = journal === '' ? '' : (treeOf(root).get(journal.slice(root.length + 1)) ?? '');
  if (journal !== '') rmSync(journal, { force: true });
  return text.split('\n');
}

describe.skipIf(addon === null)('convert on both engines', () => {
  async function compare(
    planted: Planted,
    linked: readonly (readonly [string, string])[],
    given: Partial<ConvertRequest>,
  ) {
    const root = `${newFolder()}/tree`;
    makeAt(root, planted, linked);
    const before = treeOf(root);
    const leading = linked.filter(([name]) => leadsToFile(root, name));
    const native = await run(requestFor(root, given), 'native');
    const after = treeOf(root);
    for (const [name] of leading) expect(leadsToFile(root, name), name).toBe(true);
    if (given.dryRun) expect(after).toEqual(before);
    makeAt(root, planted, linked);
    const typescript = await run(requestFor(root, given), 'typescript');
    expect(native).toEqual(typescript);
    expect(after).toEqual(treeOf(root));
    for (const [name] of leading) expect(leadsToFile(root, name), name).toBe(true);
    return after;
  }

  it('gives the same result for random trees', async () => {
    await fc.assert(
      fc.asyncProperty(
        files,
        locks,
        links,
        options,
        async (some, held, linked, { legacyLayout, ...given }) => {
          const planted = [...some, ...held];
          await compare(planted, linked, {
            ...given,
            legacyLayout: legacyLayout && FORMAT_FACTS[given.to].mayBeLegacy,
          });
        },
      ),
      { numRuns: RUNS },
    );
  }, 300_000);

  it('gives the same result for many files in many folders', async () => {
    const planted = Array.from({ length: 5000 }, (_, n): [string, Content] => [
      `${n % 7 === 0 ? '' : `d${n % 3}/`}${n}.json`,
      n % 11 === 0 ? '{"broken"' : { text: TEXTS[n % 4] as string, as: 'json' },
    ]);
    await compare(planted, [], { to: 'rkyv' });
    await compare(planted, [], { to: 'bin', volatile: true });
  }, 300_000);

  it('gives the same result for a few large files in more than one group', async () => {
    const large = `{"face_detection":[${'0,'.repeat(15 << 20)}0]}`;
    const planted = Array.from({ length: 5 }, (_, n): [string, Content] => [`${n}.json`, large]);
    await compare(planted, [], { to: 'bin', maxSize: 1 << 26 });
  }, 300_000);

  it('fails in the same way without a root and with a file as the root', async () => {
    const folder = newFolder();
    plant(folder, { file: '' });
    for (const root of [`${folder}/nothing`, `${folder}/file`]) {
      const request = requestFor(root, { dryRun: true });
      expect(await run(request, 'native')).toBe(await run(request, 'typescript'));
    }
  });

  it('gives the same result with 1, 2 and 8 workers (native)', async () => {
    const planted = Array.from({ length: 1500 }, (_, n): [string, Content] => [
      `${n % 40}/${n}.json`,
      TEXTS[n % 4] as string,
    ]);
    const results = [];
    const root = `${newFolder()}/tree`;
    for (const workers of [1, 2, 8]) {
      makeAt(root, planted, []);
      results.push([await run(requestFor(root, {}), 'native', workers), treeOf(root)]);
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  }, 120_000);

  describe('when the native engine fails', () => {
    const planted = Array.from({ length: 4000 }, (_, n): [string, Content] => [
      `${n % 3 === 0 ? '' : `d${n % 5}/`}${n}.json`,
      n % 13 === 0 ? '{"broken"' : (TEXTS[n % 4] as string),
    ]);

    it.each([0, 1, 2, 3])(
      'at call %i, the tree and the report equal those of an undisturbed run',
      async (call) => {
        const root = `${newFolder()}/tree`;
        makeAt(root, planted, []);
        const undisturbed = await run(requestFor(root, {}), 'typescript');
        const wanted = treeOf(root);
        makeAt(root, planted, []);
        const request = requestFor(root, {});
        const handedOut: RowBatch[] = [];
        const native = new NativeConvert(failingAt(call, addon as NativeAddon), request, context(2));
        const source = new ConvertSource(request, JOB_STEPS, native, SMALL);
        await expect(keptBatches(source, handedOut)).rejects.toThrow('the addon fails');
        const after = handedOut.at(-1)?.cursor ?? '';
        const rest = await keptBatches(new ConvertSource({ ...request, after }, JOB_STEPS, null, SMALL));
        const told = [...handedOut, ...rest].map(asTold);
        expect({ told, journal: journalOf(request) }).toEqual(undisturbed);
        expect(treeOf(root)).toEqual(wanted);
      },
      60_000,
    );
  });

  it('does not change the target of a link (native)', async () => {
    const folder = newFolder();
    plant(folder, { 'out.json': TEXTS[0] as string, 'tree/a.json': TEXTS[0] as string });
    link(folder, 'tree/b.json', '../out.json');
    await run(requestFor(`${folder}/tree`, {}), 'native');
    expect(readlinkSync(`${folder}/tree/b.json`)).toBe('../out.json');
    renameSync(`${folder}/out.json`, `${folder}/still.json`);
  });
});
