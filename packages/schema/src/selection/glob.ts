import { type NameGlob, parseNameGlob } from './name-glob.ts';

/**
 * Whether a pattern chooses a file, given its folder ('' or with a trailing slash) and its name, both as text
 * below the include folder.
 */
export type Glob = (folder: string, name: string) => boolean;

/** Why a pattern is invalid. */
export interface BadGlob {
  readonly problem: string;
  readonly cure: string;
}

const SPAN: unique symbol = Symbol('**');
type Part = NameGlob | typeof SPAN;

/**
 * The globs of confiture 1.29 (core/path_globs.py), which are those of gitignore: a pattern without `/` is a
 * name at any depth; a pattern with one is the whole path; a trailing slash includes everything below; `**`
 * matches any number of folders; matching is case-sensitive.
 */
export function parseGlob(pattern: string): { readonly glob: Glob } | BadGlob {
  const trimmed = pattern.trim().replace(/^\//, '');
  if (trimmed === '') return { glob: () => false };
  const whole = trimmed.endsWith('/') ? `${trimmed}**` : trimmed;
  const names = whole.split('/');
  if (names.includes('..')) {
    return { problem: 'contains .., which no path contains', cure: 'name the other folder in include_dirs' };
  }
  const parts: Part[] = [];
  for (const name of names) {
    if (name === '**') {
      if (parts.at(-1) !== SPAN) parts.push(SPAN);
      continue;
    }
    const part = parseNameGlob(name);
    if (typeof part === 'object')
      return { problem: part.problem, cure: 'correct the class, as in [a-z] or [!0-9]' };
    parts.push(part);
  }
  return { glob: globOf(parts) };
}

/** The globs of a configuration that has already been read; an invalid pattern chooses nothing. */
export function globsOf(patterns: readonly string[]): readonly Glob[] {
  return patterns.map((pattern) => {
    const parsed = parseGlob(pattern);
    return 'glob' in parsed ? parsed.glob : () => false;
  });
}

function globOf(parts: readonly Part[]): Glob {
  const [first, second] = parts;
  // A name at any depth, written with or without `**/`: the folders need no check.
  if (parts.length === 1 && first !== SPAN && first !== undefined) return (_, name) => first(name);
  if (parts.length === 2 && first === SPAN && second !== SPAN && second !== undefined)
    return (_, name) => second(name);
  return (folder, name) => matches(parts, [...folder.split('/').slice(0, -1), name]);
}

/**
 * Like the function in name-glob: only the last `**` is retried. A trailing `**` matches at least one name,
 * because it stands for what lies below a folder.
 */
function matches(parts: readonly Part[], names: readonly string[]): boolean {
  let part = 0;
  let at = 0;
  let span = -1;
  let taken = 0;
  while (at < names.length) {
    const here = parts[part];
    if (here === SPAN) {
      span = part;
      taken = at;
      part += 1;
    } else if (here?.(names[at] as string)) {
      part += 1;
      at += 1;
    } else if (span >= 0) {
      taken += 1;
      at = taken;
      part = span + 1;
    } else return false;
  }
  return part === parts.length;
}
