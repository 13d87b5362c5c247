import { LIMITS } from '@tandem/engine';
import { addLeaf, type Leaf, type Template } from './template-tree.ts';

const ANY = '<*>';

/** A template whose tokens are all texts. */
type Plain<Place> = readonly [level: number, tokens: readonly string[], leaf: Readonly<Leaf<Place>>];

/**
 * Makes one of templates that are equal but for one position: spec/infra/logs.md, "Template". The result is in
 * the order of the first of each.
 */
export function mergeVariants<Place>(
  templates: readonly Template<Place>[],
  isBefore: (one: Place, other: Place) => boolean,
): Plain<Place>[] {
  const joined = ([first, ...others]: readonly Readonly<Leaf<Place>>[]): Leaf<Place> => {
    const sum = { ...(first as Leaf<Place>) };
    for (const leaf of others) addLeaf(sum, leaf, isBefore);
    return sum;
  };
  let plain = templates.map(
    ([level, tokens, leaf]): Plain<Place> => [level, tokens.map((token) => token ?? ANY), leaf],
  );
  // A token `<*>` of a mask and a branch `<*>` are the same.
  plain = [...grouped(plain, null).values()].map((same) => joinedOf(same, null, joined));
  const longest = plain.reduce((most, [, tokens]) => Math.max(most, tokens.length), 0);
  for (let position = 0; position < longest; position++) {
    const groups = [...grouped(plain, position).values()];
    plain = groups.flatMap((same) =>
      same.length >= LIMITS.logVariantsMerged ? [joinedOf(same, position, joined)] : same,
    );
  }
  return plain;
}

/** By level and tokens, but for that position. */
function grouped<Place>(
  templates: readonly Plain<Place>[],
  position: number | null,
): Map<string, Plain<Place>[]> {
  const groups = new Map<string, Plain<Place>[]>();
  for (const template of templates) {
    const [level, tokens] = template;
    const isIn = position !== null && position < tokens.length;
    const others = isIn ? tokens.with(position, ' ') : tokens;
    // Templates without that position stay alone.
    const key = `${level} ${position === null || isIn ? '' : 'alone '}${others.join(' ')}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [template]);
    else group.push(template);
  }
  return groups;
}

function joinedOf<Place>(
  same: readonly Plain<Place>[],
  position: number | null,
  joined: (leaves: readonly Readonly<Leaf<Place>>[]) => Leaf<Place>,
): Plain<Place> {
  const [level, tokens] = same[0] as Plain<Place>;
  return [
    level,
    position === null ? tokens : tokens.with(position, ANY),
    joined(same.map(([, , leaf]) => leaf)),
  ];
}
