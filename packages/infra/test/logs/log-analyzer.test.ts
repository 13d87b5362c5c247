import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LogAnalyzer } from '../../src/index.ts';

const TEXT = `2024-05-01T10:00:00Z ERROR a
  at b
2024-05-01T10:59:59Z WARN c
2024-05-01 23:30:00 FATAL d\r
no time
`;

describe('LogAnalyzer', () => {
  it('counts a text with the keys of the older module', () => {
    expect(new LogAnalyzer().analyzeLogs(TEXT)).toEqual({
      total_lines: 5,
      errors: 2,
      warnings: 1,
      error: 2,
      warning: 1,
      timestamp: 3,
    });
    expect(new LogAnalyzer().analyzeLogs('')).toMatchObject({ total_lines: 0, errors: 0 });
  });

  it('counts entries by hour', () => {
    expect(new LogAnalyzer().analyzeTemporalPatterns(TEXT)).toEqual({
      '2024-05-01T10': 2,
      '2024-05-01T23': 1,
    });
    expect(new LogAnalyzer({ zone: 60 }).analyzeTemporalPatterns(TEXT)).toMatchObject({ '2024-05-01T22': 1 });
    expect(new LogAnalyzer().analyzeTemporalPatterns('x\n')).toEqual({});
  });

  it('analyzes files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-logs-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'ä.log'), TEXT);
    const { report } = await new LogAnalyzer({ templates: false }).analyzeFiles([folder]);
    expect(report).toMatchObject({ lines: 5, entries: 4, errors: 2, templates: [] });
    expect(report.files[0]?.path).toBe(join(folder, 'ä.log'));
  });
});
