import { describe, expect, it } from 'vitest';
import { encodeBin } from '../src/formats/bin.ts';
import { encodeLegacy } from '../src/formats/legacy.ts';
import { Inspector } from '../src/inspect.ts';
import { faultOf, LIMITS, SIDECAR } from './formats-fixture.ts';

describe('telling files apart', () => {
  const bytes = (text: string): Buffer => Buffer.from(text);
  it.each([
    ['empty', bytes(''), 'bin', ['ERR_TANDEM_EMPTY_FILE', 0]],
    ['noise in a .bin', Buffer.from('00ff1122334455667788', 'hex'), 'bin', ['ERR_TANDEM_UNKNOWN_FORMAT', 0]],
    ['noise in a .json', Buffer.from('00ff1122334455667788', 'hex'), 'json', ['ERR_TANDEM_INVALID_UTF8', 1]],
    [
      'a cut file of the older tool',
      Buffer.concat([Buffer.from('0900000000000000', 'hex'), bytes('{"a":1')]),
      'bin',
      ['ERR_TANDEM_LEGACY_LENGTH', 0],
    ],
    ['bad JSON in the older form', encodeLegacy(bytes('{"a"}')), 'rkyv', ['ERR_TANDEM_JSON_SYNTAX', 12]],
    ['cut JSON in a .bin', bytes('{"a":'), 'bin', ['ERR_TANDEM_JSON_TRUNCATED', 5]],
  ] as const)('%s', (_, file, extension, expected) => {
    expect(faultOf(file, extension)).toEqual(expected);
  });

  it('names an extension that lies', () => {
    const inspector = new Inspector(LIMITS, false);
    const text = bytes('{}');
    const mismatch = [{ finding: 'extension_mismatch', offset: 0 }];
    expect(inspector.inspect(text, 2, 'rkyv')).toMatchObject({
      format: 'json',
      fault: null,
      findings: mismatch,
    });
    const archive = Buffer.from(SIDECAR.rkyv, 'hex');
    expect(inspector.inspect(archive, archive.length, 'bin')).toMatchObject({
      format: 'rkyv',
      fault: null,
      findings: mismatch,
    });
  });

  it('answers for a sealed file from its summary block alone', () => {
    const file = Buffer.from(SIDECAR.bin, 'hex');
    const inspector = new Inspector(LIMITS, false);
    const whole = inspector.inspect(file, file.length, 'bin').summary;
    const head = file.subarray(0, 36 + file.readUInt32LE(28));
    expect(inspector.summaryOnly(head, head.length, file.length, 'bin')?.summary).toEqual({
      ...whole,
      imagePath: null,
    });
    expect(inspector.summaryOnly(head, head.length, file.length + 1, 'bin')?.fault?.code).toBe(
      'ERR_TANDEM_BIN_TRAILING',
    );
    expect(inspector.summaryOnly(Buffer.from('{"a":1}'), 3, 7, 'json')).toBe(null);
    // A block that the bytes at hand do not hold whole asks for more, and is not called cut.
    expect(inspector.summaryOnly(file.subarray(0, 60), 60, file.length, 'bin')).toBe(null);
  });

  it('does not trust a block that is well sealed and not ours', () => {
    const forged = encodeBin(
      Buffer.from('{}'),
      '{"operation":"yolov8","detections":-1.5,"tool":null,"success":null,"processing_time":null,"created_at":null,"last_updated":null}',
    );
    const inspector = new Inspector(LIMITS, true);
    expect(inspector.summaryOnly(forged, forged.length, forged.length, 'bin')?.fault?.code).toBe(
      'ERR_TANDEM_BIN_SUMMARY',
    );
  });

  it('does not hand on the findings of the file before', () => {
    const inspector = new Inspector(LIMITS, true);
    const text = Buffer.from('[1]');
    expect(inspector.inspect(text, 3, 'json').findings).toHaveLength(1);
    const file = Buffer.from(SIDECAR.bin, 'hex');
    expect(inspector.summaryOnly(file, file.length, file.length, 'bin')?.findings).toEqual([]);
  });
});
