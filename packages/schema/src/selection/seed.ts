/**
 * confiture's rule (core/seed/paths.py): the word `seed` or `seeds`, delimited by the ends of a name, `_` or
 * `-`.
 */
const SEED = /(?:^|[/_-])seeds?(?:$|[/_-])/i;

/**
 * Whether a name, or one of the names in a path, marks data instead of schema: `30_seed_x` and `seeds` do,
 * `reseed` does not.
 */
export function isSeedName(path: string): boolean {
  return SEED.test(path);
}
