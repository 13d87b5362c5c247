import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { schemaHost } from '../packages/schema/src/engines/host.ts';
import { exchangeOperation } from '../packages/schema/src/watch/exchange-operation.ts';
import { addon, newFolder } from '../packages/sidecar/test/scan-trees.ts';

/** Only the system can swap two names, and Node does not ask it to: where TypeScript says no, nothing was done. */
describe.each(['native', 'typescript'] as const)('two names on %s', (engine) => {
  it.skipIf(engine === 'native' && addon === null)('are swapped at once, or nothing is done', () => {
    const folder = newFolder();
    const [one, other] = [`${folder}/\xc3\xa9.sql`, `${folder}/b.sql`];
    const real = Buffer.from(one, 'latin1');
    writeFileSync(real, 'one');
    writeFileSync(other, 'other');
    const exchange = (request: { one: string; other: string }): boolean =>
      schemaHost().call(exchangeOperation, request, { engine });
    const isDone = exchange({ one, other });
    expect(isDone).toBe(engine === 'native' && process.platform === 'linux');
    expect([real, other].map((path) => readFileSync(path, 'utf8'))).toEqual(
      isDone ? ['other', 'one'] : ['one', 'other'],
    );
    expect(exchange({ one, other: `${folder}/none` })).toBe(false);
    expect(exchange({ one: `${folder}/none`, other })).toBe(false);
    expect(readFileSync(real, 'utf8')).toBe(isDone ? 'other' : 'one');
  });
});
