// The writers of rows in TypeScript. The path of a row is `paths` and `name`; the path that it shows is a
// name in the same folder.
import { constant, csvColumns, isNullable, plainType } from './columns.mjs';
import { camelCase, header, lines } from './text.mjs';

const TS_VALUES = {
  shown: 'string',
  text: 'string',
  word: 'string',
  count: 'number',
  number: 'string',
  seconds: 'number',
  boolean: 'boolean',
  json: 'string',
};

/**
 * The text for a column's value in a template: a word goes in unchanged, anything else through an expression.
 */
function tsValue(column) {
  return column.type === 'word' ? `"\${row.${camelCase(column.name)}}"` : `\${${tsJson(column)}}`;
}

function tsJson(column) {
  const value = `row.${camelCase(column.name)}`;
  const type = plainType(column);
  const or = (text) => (isNullable(column) ? `${value} === null ? 'null' : ${text}` : text);
  return {
    shown: or(`paths.literal(${value})`),
    text: or(`JSON.stringify(${value})`),
    word: or(`\`"\${${value}}"\``),
    seconds: `secondsText(${value})`,
    count: value,
    number: value,
    boolean: value,
    json: value,
  }[type];
}

export function typescriptRowWriters(spec, source) {
  const written = Object.entries(spec.rows).filter(([, { written: by }]) => by !== 'object');
  const interfaces = written.map(([name, { columns }]) => {
    const fields = columns
      .filter(({ type, optional }) => type !== 'path' && !optional)
      .map((column) =>
        column.group === undefined
          ? `  readonly ${camelCase(column.name)}: ${valueType(column)};\n`
          : `  readonly ${column.group}: Fault | null;\n`,
      );
    return `/** The values of a ${name} beside its path. Seconds are milliseconds here; json is JSON text. */\nexport interface ${name}Values {\n${fields.join('')}}\n`;
  });
  const writers = written.map(([name, { columns }]) => {
    const parts = columns
      .filter(({ optional }) => !optional)
      .map((column, index) => {
        const comma = index === 0 ? '' : ',';
        if (column.group !== undefined) {
          return `${comma}\${${column.group}Columns(row.${column.group})}`;
        }
        const key = `${comma}"${column.name}":`;
        return column.type === 'path'
          ? `${key}\${paths.literal(name)}\${paths.rawBytes(name, '${column.name}_bytes')}`
          : `${key}${tsValue(column)}`;
      });
    const isOpen = columns.some(({ optional }) => optional);
    const about = isOpen
      ? `/** A ${name} as JSON, without its optional columns and its end. */`
      : `/** A ${name} as JSON. */`;
    return `${about}\nexport function ${lowerFirst(name)}(paths: PathTexts, name: string, row: ${name}Values): string {\n  return \`{${parts.join('')}${isOpen ? '' : '}'}\`;\n}\n`;
  });
  const groups = Object.entries(spec.groups).map(
    ([name, columns]) =>
      `const NO_${name.toUpperCase()} = '${columns.map((column) => `"${column.name}":null`).join(',')}';\n\nfunction ${name}Columns(row: Fault | null): string {\n  if (row === null) return NO_${name.toUpperCase()};\n  return \`${columns.map((column) => `"${column.name}":${faultValue(column)}`).join(',')}\`;\n}\n`,
  );
  const csv = written
    .filter(([, row]) => row.csv)
    .map(([name, { columns }]) => {
      const fields = csvColumns(spec, columns).flatMap(tsCsv);
      return `/** A ${name} as a line of csv: ${constant(name)}_COLUMNS. */\nexport function ${lowerFirst(name)}Csv(paths: PathTexts, name: string, row: ${name}Values): string {\n  return [\n${lines(fields, (field) => `    ${field},`)}  ]\n    .map(csvField)\n    .join(',');\n}\n`;
    });
  return `${header(source)}
import type { Fault } from '@tandem/files';
import { csvField } from '../rows/csv-text.ts';
import type { PathTexts } from '../rows/path-text.ts';
import { secondsText } from '../rows/seconds-text.ts';

${[...groups, ...interfaces, ...writers, ...csv].join('\n')}`;
}

/** The field of a fault for a column of its group: `error_code` is `code`; an empty hint is null. */
function faultValue({ name }) {
  const field = `row.${name.replace('error_', '')}`;
  if (name === 'hint') {
    return `\${${field} === '' ? 'null' : JSON.stringify(${field})}`;
  }
  return name === 'error_code' ? `"\${${field}}"` : `\${${field}}`;
}

function valueType(column) {
  const base = TS_VALUES[plainType(column)];
  return isNullable(column) ? `${base} | null` : base;
}

function tsCsv(column) {
  const value = `row.${camelCase(column.name)}`;
  const type = plainType(column);
  if (type === 'path') {
    return ['paths.shown(name)', 'paths.base64(name)'];
  }
  if (type === 'shown') {
    return [`${value} === null ? null : paths.shown(${value})`];
  }
  if (['text', 'word', 'number'].includes(type)) {
    return [value];
  }
  return [isNullable(column) ? `${value} === null ? null : String(${value})` : `String(${value})`];
}

function lowerFirst(name) {
  return name[0].toLowerCase() + name.slice(1);
}
