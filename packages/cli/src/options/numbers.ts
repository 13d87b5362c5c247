import type { NumberKind } from './option.ts';

export const WORKER_COUNT: NumberKind = whole('worker count');

export const WHOLE: NumberKind = whole('number');

/** Milliseconds since 1970. */
export const DATE: NumberKind = {
  name: 'time',
  cure: 'use ISO 8601, such as 2024-05-01 or 2024-05-01T10:00:00Z; without a zone it is local',
  parse: (text) => (/^\d{4}-\d\d-\d\d/.test(text) ? finite(Date.parse(text)) : undefined),
};

export const MINUTES_EAST: NumberKind = {
  name: 'zone',
  cure: 'use hours and minutes east of UTC, such as +02:00 or -0530, or Z',
  parse: readZone,
};

export const YEAR: NumberKind = {
  name: 'year',
  cure: 'use four digits',
  parse: (text) => (/^\d{4}$/.test(text) ? Number(text) : undefined),
};

export const DEPTH: NumberKind = whole('number of levels');

export const SECONDS: NumberKind = {
  name: 'time limit',
  cure: 'use seconds, more than 0',
  parse: (text) => (Number(text) > 0 && Number(text) < Number.POSITIVE_INFINITY ? Number(text) : undefined),
};

export const PERCENT: NumberKind = {
  name: 'percentage',
  cure: 'use a number from 0 to 100',
  parse: (text) =>
    text.trim() !== '' && Number(text) >= 0 && Number(text) <= 100 ? Number(text) : undefined,
};

export const BYTES: NumberKind = {
  name: 'size',
  cure: 'use bytes, or a number with K, M or G (powers of 1024)',
  parse: readSize,
};

function whole(name: string): NumberKind {
  return { name, cure: 'use a whole number from 1 up', parse: wholeNumber };
}

function wholeNumber(text: string): number | undefined {
  return /^\d+$/.test(text) && Number(text) >= 1 ? Number(text) : undefined;
}

function finite(number: number): number | undefined {
  return Number.isFinite(number) ? number : undefined;
}

function readZone(text: string): number | undefined {
  if (/^z$/i.test(text)) return 0;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(text) ?? [];
  if (sign === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const east = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -east : east;
}

function readSize(text: string): number | undefined {
  const match = /^(\d+)([kmg]?)(i?b)?$/i.exec(text);
  if (match === null) return undefined;
  const power = ['', 'k', 'm', 'g'].indexOf((match[2] ?? '').toLowerCase());
  const bytes = Number(match[1]) * 1024 ** power;
  return bytes >= 1 ? bytes : undefined;
}
