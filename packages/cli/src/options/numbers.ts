import type { NumberKind } from './option.ts';

export const WORKER_COUNT: NumberKind = {
  name: 'worker count',
  cure: 'use a whole number from 1 up',
  parse: wholeNumber,
};

export const DEPTH: NumberKind = {
  name: 'number of levels',
  cure: 'use a whole number from 1 up',
  parse: wholeNumber,
};

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

function wholeNumber(text: string): number | undefined {
  return /^\d+$/.test(text) && Number(text) >= 1 ? Number(text) : undefined;
}

function readSize(text: string): number | undefined {
  const match = /^(\d+)([kmg]?)(i?b)?$/i.exec(text);
  if (match === null) return undefined;
  const power = ['', 'k', 'm', 'g'].indexOf((match[2] ?? '').toLowerCase());
  const bytes = Number(match[1]) * 1024 ** power;
  return bytes >= 1 ? bytes : undefined;
}
