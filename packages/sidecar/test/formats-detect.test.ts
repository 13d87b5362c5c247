import { describe, expect, it } from 'vitest';
import { encodeBin } from '../src/formats/bin.ts';
import { Inspector } from '../src/inspect.ts';
import { LIMITS, SIDECAR } from './formats-fixture.ts';

describe('an inspector', () => {
  it('judges a sealed file by its summary block alone', () => {
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
    // A block that the given bytes do not contain completely needs more bytes, and is not called truncated.
    expect(inspector.summaryOnly(file.subarray(0, 60), 60, file.length, 'bin')).toBe(null);
  });

  it('rejects a well sealed block with a summary that Tandem does not write', () => {
    const forged = encodeBin(
      Buffer.from('{}'),
      '{"operation":"yolov8","detections":-1.5,"tool":null,"success":null,"processing_time":null,"created_at":null,"last_updated":null}',
    );
    const inspector = new Inspector(LIMITS, true);
    expect(inspector.summaryOnly(forged, forged.length, forged.length, 'bin')?.fault?.code).toBe(
      'ERR_TANDEM_BIN_SUMMARY',
    );
  });

  it('does not pass on the findings of the file before', () => {
    const inspector = new Inspector(LIMITS, true);
    const text = Buffer.from('[1]');
    expect(inspector.inspect(text, 3, 'json').findings).toHaveLength(1);
    const file = Buffer.from(SIDECAR.bin, 'hex');
    expect(inspector.summaryOnly(file, file.length, file.length, 'bin')?.findings).toEqual([]);
  });
});
