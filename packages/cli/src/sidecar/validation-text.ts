import type { ValidationRow } from '@tandem/sidecar';
import type { ValidateRun } from '@tandem/sidecar/validate';
import { markedRows, untilStopped } from '../report/rows.ts';
import { styled } from '../terminal/color.ts';
import { withFlags } from '../terminal/option-flags.ts';
import { printable } from '../terminal/streams.ts';
import { Kinds } from './kinds.ts';
import { totalsLines } from './totals-text.ts';

/** The totals of a validate, and unless it is a summary, the kinds of errors and findings with an example. */
export async function validationText(
  report: ValidateRun,
  { summary }: { readonly summary: boolean },
): Promise<readonly string[]> {
  const errors = new Kinds<ValidationRow>();
  const findings = new Kinds<string>();
  for await (const batch of untilStopped(report)) {
    for (const row of markedRows<ValidationRow>(batch, '"is_valid":false')) {
      errors.add(row.error_code ?? '', row);
    }
    for (const row of markedRows<ValidationRow>(batch, '"findings":[{')) {
      for (const { finding } of row.findings) findings.add(finding, row.file_path);
    }
  }
  const { totals, closing } = report;
  const sums = totalsLines(totals, closing?.filter_applied ?? null);
  if (summary) return sums;
  const wrong = errors.lines(errorText);
  const suspicious = findings.lines((path) => styled(1, 'bold', printable(path)));
  return [
    ...sums,
    ...(wrong.length > 0 ? ['', ...wrong] : []),
    ...(suspicious.length > 0 ? ['', 'Found by --lint:', ...suspicious] : []),
    ...(wrong.length + suspicious.length > 0 ? ['', 'With --output FILE, a report lists every file.'] : []),
  ];
}

/** `path:line:column: message (cure)`, as errors are shown on stderr. */
function errorText({ file_path, error, error_line, error_column, hint }: ValidationRow): string {
  const at = error_line === null ? '' : `:${error_line}:${error_column ?? 1}`;
  const cure = hint === null ? '' : ` (${hint})`;
  const message = styled(1, 'red', printable(withFlags(error ?? '')));
  return `${styled(1, 'bold', printable(`${file_path}${at}: `))}${message}${printable(withFlags(cure))}`;
}
