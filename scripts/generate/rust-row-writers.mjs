// The writers of rows in Rust.
import { csvColumns, isNullable, plainType } from './columns.mjs';
import { header } from './text.mjs';

const RUST_TYPES = {
  path: "Shown<'a>",
  shown: "Shown<'a>",
  text: "&'a [u8]",
  word: "&'a str",
  count: 'u64',
  number: "&'a [u8]",
  seconds: 'Duration',
  boolean: 'bool',
  json: "&'a dyn Fn(&mut Vec<u8>)",
};

export function rustRowWriters(spec, source) {
  const written = Object.entries(spec.rows).filter(([, { written: by }]) => by === 'both');
  return `${header(source)}
use crate::scan::csv::Fields;
use crate::scan::row::{Shown, boolean, number, path, seconds, string};
use std::time::Duration;
use tandem_common::Fault;

${written.map(([name, row]) => rustRow(spec, name, row)).join('\n')}
${Object.entries(spec.groups)
  .map(([name, columns]) => rustGroup(name, columns))
  .join('\n')}`;
}

function rustName({ name }) {
  return ['type', 'from', 'to'].includes(name) ? `${name}_` : name;
}

function rustRow(spec, name, { about, columns, csv }) {
  const fields = columns
    .filter(({ optional }) => !optional)
    .map((column) => {
      if (column.group !== undefined) {
        return `    pub ${column.group}: Option<&'a Fault>,\n`;
      }
      const type = RUST_TYPES[plainType(column)];
      return `    pub ${rustName(column)}: ${isNullable(column) ? `Option<${type}>` : type},\n`;
    });
  const isOpen = columns.some(({ optional }) => optional);
  const writes = columns
    .filter(({ optional }) => !optional)
    .map((column, index) => {
      const start = index === 0 ? '{' : ',';
      if (column.group !== undefined) {
        return `        ${column.group}(out, self.${column.group});\n`;
      }
      if (column.type === 'path') {
        return `        out.push(b'${start}');\n        path(out, "${column.name}", &self.${rustName(column)});\n`;
      }
      return `        out.extend_from_slice(b"${start}\\"${column.name}\\":");\n${rustValue(column)}`;
    });
  const open = isOpen ? ', without its optional columns and its end' : '';
  const close = isOpen ? '' : "        out.push(b'}');\n";
  return `/// ${about}
pub(crate) struct ${name}<'a> {
${fields.join('')}}

impl ${name}<'_> {
    /// As JSON${open}.
    pub(crate) fn json(&self, out: &mut Vec<u8>) {
${writes.join('')}${close}    }
${csv ? rustCsv(spec, columns) : ''}}
`;
}

function rustValue(column) {
  const value = `self.${rustName(column)}`;
  const write = (of) =>
    ({
      shown: `${of}.write(out)`,
      text: `string(out, ${of})`,
      word: `word(out, ${of})`,
      count: `number(out, ${of})`,
      number: `out.extend_from_slice(${of})`,
      seconds: `seconds(out, ${of})`,
      boolean: `boolean(out, ${of})`,
      json: `(${of})(out)`,
    })[plainType(column)];
  if (!isNullable(column)) {
    return `        ${write(value)};\n`;
  }
  return `        match ${plainType(column) === 'shown' ? `&${value}` : value} {
            Some(value) => ${write('value')},
            None => null(out),
        }
`;
}

function rustGroup(name, columns) {
  const nulls = columns.map((column) => `\\"${column.name}\\":null`).join(',');
  const writes = columns.map(
    (column) => `    out.extend_from_slice(b",\\"${column.name}\\":");\n${rustFault(column)}`,
  );
  return `fn ${name}(out: &mut Vec<u8>, fault: Option<&Fault>) {
    let Some(fault) = fault else {
        out.extend_from_slice(b",${nulls}");
        return;
    };
${writes.join('')}}

fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

/// ASCII without quotes and backslashes.
fn word(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}
`;
}

function rustFault({ name }) {
  const field = name.replace('error_', '');
  if (name === 'error_code') {
    return '    word(out, fault.code.code());\n';
  }
  if (name === 'hint') {
    return `    let hint = fault.hint();
    if hint.is_empty() {
        null(out);
    } else {
        string(out, hint.as_bytes());
    }
`;
  }
  return `    match fault.${field} {
        Some(value) => number(out, value),
        None => null(out),
    }
`;
}

function rustCsv(spec, columns) {
  const fields = csvColumns(spec, columns).map((column) => {
    const value = `self.${rustName(column)}`;
    const type = plainType(column);
    if (type === 'path') {
      return `        fields.path(&${value});\n`;
    }
    const of = isNullable(column) ? value : `Some(${value})`;
    const field = {
      shown: `shown(${value}.as_ref())`,
      text: `text(${of})`,
      number: `text(${of})`,
      word: `text(${of}.map(str::as_bytes))`,
      count: `count(${of})`,
      boolean: `boolean(${of})`,
    }[type];
    return `        fields.${field};\n`;
  });
  return `
    /// As a line of csv.
    pub(crate) fn csv(&self, out: &mut Vec<u8>) {
        let mut fields = Fields::new(out);
${fields.join('')}    }
`;
}
