/** The type of a YAML scalar. */
export type ScalarKind = 'null' | 'bool' | 'int' | 'float' | 'date' | 'text';

// PyYAML's own expressions (resolver.py): it reads YAML 1.1, in which `no` is a boolean, but `n` and `1e3`
// are text.
const KINDS: readonly (readonly [ScalarKind, RegExp])[] = [
  ['null', /^(?:~|null|Null|NULL|)$/],
  ['bool', /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/],
  [
    'int',
    /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  ],
  [
    'float',
    /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  ],
  [
    'date',
    /^\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?$/,
  ],
];

/** The type of plain text, that is, text without quotes. */
export function plainKind(source: string): ScalarKind {
  return KINDS.find(([, pattern]) => pattern.test(source))?.[0] ?? 'text';
}

/** The value of text that plainKind classifies as a bool. */
export function boolOf(source: string): boolean {
  return /^(?:yes|true|on)$/i.test(source);
}

/** The value of text that plainKind classifies as an int; rounded if it exceeds the precision of a number. */
export function intOf(source: string): number {
  const digits = source.replaceAll('_', '').replace(/^[-+]/, '');
  const sign = source.startsWith('-') ? -1 : 1;
  if (/^0[bx]/.test(digits)) return sign * Number(digits);
  if (digits.includes(':')) {
    return sign * digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  }
  return (
    sign * (digits.length > 1 && digits.startsWith('0') ? Number(`0o${digits.slice(1)}`) : Number(digits))
  );
}
