/** confiture's rule (core/seed/paths.py): the word `seed` or `seeds` between the ends of a name, `_` and `-`. */
const SEED = /(?:^|[/_-])seeds?(?:$|[/_-])/i;

/** Whether a name, or one of the names in a path, says that there is data and no schema: `30_seed_x` and `seeds` do, `reseed` does not. */
export function isSeedName(path: string): boolean {
  return SEED.test(path);
}
