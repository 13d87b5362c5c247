import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TandemError, type TandemErrorJson } from '@tandem/engine';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSidecar, readSidecar } from '../src/document.ts';
import { encodeBin } from '../src/formats/bin.ts';
import type { StoredFormat } from '../src/generated/formats.ts';
import { sealed } from '../src/store/splice.ts';

const LIMITS = { maxSize: 1 << 20, maxDepth: 64 };
const TEXT = `{
  "sidecar_info": {"operation_type": "face_detection", "created_at": "2026-01-02T03:04:05Z", "image_path": "IMG_1.jpg"},
  "face_detection": {"success": true, "tool_name": "yolov8n", "processing_time": 0.410, "faces": [{"confidence": 0.90, "id": 12345678901234567890}, null]},
  "any key.[0]": "\\u00e9\\ud800", "twice": 1, "twice": {"__proto__": 2}, "": -0, "big": 1e999
}`;
const FORMATS: readonly StoredFormat[] = ['json', 'bin', 'rkyv', 'legacy'];
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-document-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(FORMATS)('%s', (format) => {
  const path = () => join(folder, `IMG_1.${format === 'legacy' ? 'rkyv' : format}`);
  const open = () => {
    writeFileSync(path(), sealed(format, Buffer.from(TEXT), LIMITS));
    return openSidecar(path());
  };

  it('returns values by path', () => {
    const sidecar = open();
    expect(sidecar.format).toBe(format);
    expect(sidecar.path).toBe(path());
    expect(sidecar.get('face_detection.faces[0].confidence')).toBe(0.9);
    expect(sidecar.text('face_detection.faces[0].confidence')).toBe('0.90');
    expect(sidecar.text('face_detection.faces[0].id')).toBe('12345678901234567890');
    expect(sidecar.get('["face_detection"]["faces"][1]')).toBe(null);
    expect(sidecar.get('["any key.[0]"]')).toBe('\u00e9\ud800');
    expect(sidecar.get('twice')).toEqual(JSON.parse('{"__proto__":2}'));
    expect(sidecar.get('[""]')).toBe(-0);
    expect(sidecar.get('big')).toBe(Number.POSITIVE_INFINITY);
    expect(sidecar.text('face_detection.faces')).toBe('[{"confidence":0.90,"id":12345678901234567890},null]');
    expect(sidecar.toJSON()).toEqual(JSON.parse(TEXT));
    expect(JSON.stringify(sidecar)).toBe(JSON.stringify(JSON.parse(TEXT)));
  });

  it('returns undefined for missing paths', () => {
    const sidecar = open();
    for (const absent of [
      'x',
      'twice.x',
      'face_detection.faces[2]',
      'face_detection.faces.length',
      'big[0]',
      'sidecar_info[0]',
      'constructor',
    ]) {
      expect(sidecar.get(absent)).toBe(undefined);
      expect(sidecar.text(absent)).toBe(undefined);
    }
  });

  it('has the summary that validate reports', () => {
    expect(open().summary).toEqual({
      operation: 'face_detection',
      detections: 2,
      tool: 'yolov8n',
      success: true,
      processingTime: 0.41,
      createdAt: '2026-01-02T03:04:05Z',
      lastUpdated: null,
      imagePath: 'IMG_1.jpg',
    });
  });

  it('returns every value of any document', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4, stringUnit: 'binary' }), (text) => {
        const sidecar = readSidecar(sealed(format, Buffer.from(text), LIMITS), 'json', LIMITS);
        const walk = (value: unknown, at: string): void => {
          expect(sidecar.get(at)).toEqual(value);
          expect(JSON.parse(sidecar.text(at) ?? '')).toEqual(value);
          if (Array.isArray(value)) for (const [i, each] of value.entries()) walk(each, `${at}[${i}]`);
          else if (value !== null && typeof value === 'object') {
            for (const [key, each] of Object.entries(value)) walk(each, `${at}[${JSON.stringify(key)}]`);
          }
        };
        walk(JSON.parse(text), '');
      }),
      { numRuns: 200 },
    );
  });
});

describe('a path', () => {
  const sidecar = readSidecar(Buffer.from('{"a":{"b":[1]}}'));
  it.each([
    '.',
    'a.',
    'a..b',
    'a.b[',
    'a.b[x]',
    'a.b[-1]',
    'a.b[01]',
    'a["b]',
    'a]',
    '.a',
    'a["\\x"]',
    'a[0]b',
    'a b"',
  ])('is refused as %s', (path) => {
    expect(() => sidecar.get(path)).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_BAD_ARGUMENT' }) as Error,
    );
  });
});

describe('an open sidecar', () => {
  it.each(FORMATS)('does not change when another is opened: %s', (format) => {
    const [one, other] = ['{"a":[1]}', '[{"b":2},3]'].map((text) =>
      sealed(format, Buffer.from(text), LIMITS),
    );
    const first = readSidecar(one as Buffer);
    expect(readSidecar(other as Buffer).toJSON()).toEqual([{ b: 2 }, 3]);
    expect(first.toJSON()).toEqual({ a: [1] });
  });

  it.skipIf(!existsSync('/proc/self/fd'))('leaves no file open', () => {
    const path = join(folder, 'closed.json');
    writeFileSync(path, '{}');
    openSidecar(path);
    expect(readdirSync('/proc/self/fd').map(linkedTo)).not.toContain(path);
  });
});

function linkedTo(fd: string): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    // The descriptor of the listing itself.
    return null;
  }
}

function errorOf(work: () => unknown): TandemErrorJson {
  try {
    work();
  } catch (error) {
    if (error instanceof TandemError) return error.toJSON();
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a file that is not valid', () => {
  it('is reported with its place', () => {
    const path = join(folder, 'IMG_2.json');
    writeFileSync(path, '{"a":\n  1,}');
    expect(() => openSidecar(path)).toThrow(
      expect.objectContaining({
        code: 'ERR_TANDEM_JSON_SYNTAX',
        path,
        offset: 10,
        line: 2,
        column: 5,
      }) as Error,
    );
  });

  it('is reported when it cannot be read', () => {
    expect(() => openSidecar(join(folder, 'none.json'))).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_NOT_FOUND' }) as Error,
    );
    expect(() => openSidecar(folder)).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_NOT_A_FILE' }) as Error,
    );
    symlinkSync('loop.json', join(folder, 'loop.json'));
    expect(() => openSidecar(join(folder, 'loop.json'))).toThrow();
    const large = join(folder, 'large.json');
    writeFileSync(large, `"${'x'.repeat(100)}"`);
    expect(() => openSidecar(large, { maxSize: 100 })).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_TOO_LARGE' }) as Error,
    );
    const deep = join(folder, 'deep.json');
    writeFileSync(deep, '['.repeat(100_000));
    expect(() => openSidecar(deep)).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_TOO_DEEP' }) as Error,
    );
  });

  it('is reported with all fields that apply, and no others', () => {
    expect(errorOf(() => readSidecar(Buffer.from('{"a":\n  1,}')))).toEqual({
      code: 'ERR_TANDEM_JSON_SYNTAX',
      message: expect.stringContaining("found '}'") as string,
      path: '',
      offset: 10,
      line: 2,
      column: 5,
      hint: 'correct the text there, or write the file again',
    });
    expect(errorOf(() => readSidecar(Buffer.from('')))).toEqual({
      code: 'ERR_TANDEM_EMPTY_FILE',
      message: 'the file is empty',
      path: '',
      offset: 0,
      hint: 'restore it from a backup or remove it',
    });
    expect(errorOf(() => readSidecar(Buffer.from('[1,2]'), 'json', { maxSize: 4 }))).toEqual({
      code: 'ERR_TANDEM_TOO_LARGE',
      message: 'the file is 5 bytes, more than the limit of 4',
      path: '',
      hint: 'raise the option maxSize if the file is correct',
    });
  });

  it('is judged by the limits of each call', () => {
    const nested = Buffer.from('[[1]]');
    const read = (limits: object) => () => readSidecar(nested, 'json', limits);
    expect(read({})).not.toThrow();
    expect(errorOf(read({ maxDepth: 1 })).code).toBe('ERR_TANDEM_TOO_DEEP');
    expect(read({})).not.toThrow();
    expect(errorOf(read({ maxSize: 4 })).code).toBe('ERR_TANDEM_TOO_LARGE');
    expect(read({ maxSize: 5 })).not.toThrow();
  });

  it('is reported when its summary does not match its document', () => {
    const file = encodeBin(Buffer.from('{"count":1}'), '{}');
    expect(errorOf(() => readSidecar(file)).code).toBe('ERR_TANDEM_BIN_SUMMARY');
  });

  it('is reported when its seal does not match its document', () => {
    const file = sealed('bin', Buffer.from('{"count":1}'), LIMITS);
    file[file.length - 2] = 0x32;
    expect(() => readSidecar(file)).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_BIN_CHECKSUM' }) as Error,
    );
  });
});
