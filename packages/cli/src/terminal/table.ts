import { styled } from './color.ts';

/** A column of a table. Numbers are aligned on the right. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** The lines of a table for stdout, with a title above each column; cells are printable text. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title }, at) =>
    rows.reduce((width, row) => Math.max(width, (row[at] ?? '').length), title.length),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, at) => {
        const [cell = '', width = 0] = [cells[at], widths[at]];
        return align === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [styled(1, 'bold', line(columns.map(({ title }) => title))), ...rows.map(line)];
}
