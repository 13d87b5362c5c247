/** confiture's rule (core/seed/paths.py): the word `seed` or `seeds` between the ends of a name, `_` and `-`. */
const SEED = /(?:^|[/_-])seeds?(?:$|[/_-])/i;

/** Whether a part of a path says that it holds data and no schema: `30_seed_x` and `seeds` do, `seedling` and `reseed` do not. */
export function isSeedPath(path: string): boolean {
  return SEED.test(path);
}
