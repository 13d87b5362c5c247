import { describe, expect, test } from 'vitest';
import { schemaHeader } from '../src/output/header.ts';

const FACTS = { env: 'local', bodySha256: 'ab', files: 2 };
const generated = (epoch: string): string | undefined =>
  /-- Generated: (.*)\n/.exec(schemaHeader(FACTS, { SOURCE_DATE_EPOCH: epoch }))?.[1];

describe('SOURCE_DATE_EPOCH', () => {
  test.each([
    ['0', '1970-01-01T00:00:00+00:00'],
    ['1234567890', '2009-02-13T23:31:30+00:00'],
    ['253402300799', '9999-12-31T23:59:59+00:00'],
    ['', undefined],
  ])('%j', (epoch, expected) => {
    expect(generated(epoch)).toBe(expected);
  });

  // JavaScript writes dates from the year 10000 on in another form.
  test.each(['253402300800', '8640000000001', '-1', '1.5', 'now', '1e3', '99999999999999999999'])(
    'refuses %s',
    (epoch) => {
      expect(() => generated(epoch)).toThrow(/SOURCE_DATE_EPOCH/);
    },
  );
});

test.each(['a\nDROP TABLE x;', 'a\rb', 'a\u0085b'])(
  'the environment %j, which would end its comment, is refused',
  (env) => {
    expect(() => schemaHeader({ ...FACTS, env }, {})).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_BAD_ARGUMENT' }),
    );
  },
);
