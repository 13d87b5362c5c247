import { expectTypeOf, it } from 'vitest';
import type { SidecarFormat, StoredFormat } from '../src/generated/formats.ts';
import type {
  ConvertRow,
  ExportRow,
  FormatFinding,
  FormatTotals,
  StatisticsRow,
  ValidationRow,
} from '../src/generated/reports.ts';

// Checked by the compiler: spec/sidecar/reports.json lists the formats on its own.
it('reports name all formats', () => {
  expectTypeOf<NonNullable<ValidationRow['format']>>().toEqualTypeOf<StoredFormat>();
  expectTypeOf<NonNullable<StatisticsRow['format']>>().toEqualTypeOf<StoredFormat>();
  expectTypeOf<NonNullable<ExportRow['format']>>().toEqualTypeOf<StoredFormat>();
  expectTypeOf<NonNullable<FormatFinding['extension']>>().toEqualTypeOf<SidecarFormat>();
  expectTypeOf<NonNullable<FormatFinding['content']>>().toEqualTypeOf<StoredFormat>();
  expectTypeOf<NonNullable<ConvertRow['from']>>().toEqualTypeOf<StoredFormat>();
  expectTypeOf<ConvertRow['to']>().toEqualTypeOf<StoredFormat>();
  expectTypeOf<FormatTotals>().toHaveProperty('legacy');
  expectTypeOf<keyof FormatTotals & StoredFormat>().toEqualTypeOf<StoredFormat>();
});
