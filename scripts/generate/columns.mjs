// The columns of spec/sidecar/reports.json, for all generators of reports.

/** The columns of a row, with those of its groups. */
export function allColumns(spec, columns) {
  return columns.flatMap((column) => (column.group === undefined ? [column] : spec.groups[column.group]));
}

export function isNullable({ type }) {
  return type.endsWith('?');
}

export function plainType({ type }) {
  return type.replace('?', '');
}

export function constant(name) {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
}

export function csvNames(spec, columns) {
  return csvColumns(spec, columns).flatMap(({ name, type }) =>
    type === 'path' ? [name, `${name}_bytes`] : [name],
  );
}

export function csvColumns(spec, columns) {
  return allColumns(spec, columns).filter(({ type }) => type !== 'json');
}
