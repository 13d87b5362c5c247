import { countOf, KeyTable, Kind, type Tape } from '@tandem/json';
import { isDuration } from './duration.ts';
import {
  COUNT_KEYS,
  FOREIGN_SIGNS,
  INFO_KEY,
  LIST_KEYS,
  METADATA_KEY,
  NESTED_KEYS,
  PROCESSING_TIME_KEYS,
  SCORE_KEYS,
  SETTING_KEYS,
  SETTING_PREFIXES,
  SETTING_SUFFIXES,
  SUCCESS_KEYS,
  SWITCH_KEYS,
} from './generated/detection.ts';
import { SpelledOperations, UNKNOWN } from './spelled-operation.ts';

/** The owner of a document: spec/sidecar/summary.md, "Ownership". */
export interface Ownership {
  /** Whether this program may change it. */
  readonly isSidecar: boolean;
  /** The kind of another program's document, or null. */
  readonly foreign: string | null;
}

export const OURS: Ownership = { isSidecar: true, foreign: null };
export const NOBODYS: Ownership = { isSidecar: false, foreign: null };
/** The kind of a document that configures an operation instead of holding its result. */
const CONFIGURATION = 'configuration';

const signKeys = [...new Set(FOREIGN_SIGNS.flatMap(({ keys }) => keys.map(([key]) => key)))];
const SIGN_KEYS = new KeyTable(signKeys);
const SIGNS = FOREIGN_SIGNS.map(({ kind, keys }) => ({
  kind,
  keys: keys.map(([key, type]) => ({ slot: signKeys.indexOf(key), type })),
}));

const LIST_FROM = SUCCESS_KEYS.length + PROCESSING_TIME_KEYS.length;
const COUNT_FROM = LIST_FROM + LIST_KEYS.length;
const SCORE_FROM = COUNT_FROM + COUNT_KEYS.length;
const SCORE_TO = SCORE_FROM + SCORE_KEYS.length;
const RESULT_KEYS = new KeyTable([
  ...SUCCESS_KEYS,
  ...PROCESSING_TIME_KEYS,
  ...LIST_KEYS,
  ...COUNT_KEYS,
  ...SCORE_KEYS,
]);
const INNER_KEYS = [...NESTED_KEYS, METADATA_KEY].map((key) => Buffer.from(key));
const INFO = Buffer.from(INFO_KEY);
const SPELLED = new SpelledOperations();
const SWITCHES: ReadonlySet<string> = new Set(SWITCH_KEYS);
const SETTINGS: ReadonlySet<string> = new Set(SETTING_KEYS);

const signSlots = new Int32Array(SIGN_KEYS.size);
const resultSlots = new Int32Array(RESULT_KEYS.size);

/** The ownership of a JSON document that is an object; an outline is enough. */
export function ownershipOf(tape: Tape): Ownership {
  const foreign = foreignKind(tape);
  if (foreign !== null) return { isSidecar: false, foreign };
  const info = tape.get(0, INFO);
  if (info >= 0 && tape.isObject(info)) return OURS;
  return byOperations(tape);
}

function foreignKind(tape: Tape): string | null {
  SIGN_KEYS.find(tape, 0, signSlots);
  // Most sidecars have none of these keys.
  if (signSlots.every((node) => node < 0)) return null;
  const isThere = ({ slot, type }: { readonly slot: number; readonly type: number }) => {
    const node = signSlots[slot] as number;
    return node >= 0 && (tape.kind(node) === type || (type === Kind.string && tape.isString(node)));
  };
  return SIGNS.find(({ keys }) => keys.every(isThere))?.kind ?? null;
}

/** Judges by the values of the top-level keys that spell an operation, the first key of each operation. */
function byOperations(tape: Tape): Ownership {
  let seen = 0;
  let isConfigured = false;
  const end = tape.b(0);
  for (let key = 1; key < end; key = tape.after(key + 1)) {
    const operation = SPELLED.find(tape, key);
    if (operation < 0 || operation === UNKNOWN || (seen & (1 << operation)) !== 0) continue;
    seen |= 1 << operation;
    const value = tape.get(0, tape.text(key));
    if (isResult(tape, value)) return OURS;
    isConfigured ||= isSetting(tape, value);
  }
  return isConfigured ? { isSidecar: false, foreign: CONFIGURATION } : NOBODYS;
}

/** Whether an operation's value has the shape of a result. */
function isResult(tape: Tape, value: number): boolean {
  if (tape.kind(value) === Kind.array) return !isListOfText(tape, value);
  if (!tape.isObject(value)) return false;
  if (saysResult(tape, value)) return true;
  return INNER_KEYS.some((key) => {
    const inner = tape.get(value, key);
    return inner >= 0 && tape.isObject(inner) && saysResult(tape, inner);
  });
}

function saysResult(tape: Tape, object: number): boolean {
  RESULT_KEYS.find(tape, object, resultSlots);
  const some = (from: number, to: number, is: (tape: Tape, node: number) => boolean) => {
    for (let slot = from; slot < to; slot++) {
      const node = resultSlots[slot] as number;
      if (node >= 0 && is(tape, node)) return true;
    }
    return false;
  };
  if (some(0, SUCCESS_KEYS.length, isBoolean)) return true;
  if (some(SUCCESS_KEYS.length, LIST_FROM, isDuration)) return true;
  const settings = settingsIn(tape, object);
  if (settings === 'switch') return false;
  if (some(LIST_FROM, COUNT_FROM, isFilledList)) return true;
  if (settings === 'setting') return false;
  return (
    some(LIST_FROM, COUNT_FROM, isEmptyList) ||
    some(COUNT_FROM, SCORE_FROM, (of, node) => countOf(of, node) >= 0) ||
    some(SCORE_FROM, SCORE_TO, isNumber)
  );
}

/** Whether an operation's value, which is not a result, configures the operation. */
function isSetting(tape: Tape, value: number): boolean {
  if (tape.isObject(value)) return settingsIn(tape, value) !== null;
  return tape.isString(value) || isBoolean(tape, value) || tape.kind(value) === Kind.array;
}

/** The configuration keys in an object; a switch takes precedence over other settings. */
function settingsIn(tape: Tape, object: number): 'switch' | 'setting' | null {
  let found: 'setting' | null = null;
  const end = tape.b(object);
  for (let key = object + 1; key < end; key = tape.after(key + 1)) {
    const name = Buffer.from(tape.text(key)).toString('latin1');
    if (SWITCHES.has(name)) return 'switch';
    const isOne =
      SETTINGS.has(name) ||
      SETTING_PREFIXES.some((prefix) => name.startsWith(prefix)) ||
      SETTING_SUFFIXES.some((suffix) => name.endsWith(suffix));
    if (isOne) found = 'setting';
  }
  return found;
}

function isFilledList(tape: Tape, node: number): boolean {
  return tape.kind(node) === Kind.array && tape.a(node) > 0 && !isListOfText(tape, node);
}

function isEmptyList(tape: Tape, node: number): boolean {
  return tape.kind(node) === Kind.array && tape.a(node) === 0;
}

/**
 * Whether the first element of an entry's array is a string: names of classes or models, which no detector
 * returns as its findings. An outline has no elements, and then the text after the key is examined.
 */
function isListOfText(tape: Tape, array: number): boolean {
  if (tape.b(array) > array + 1) return tape.isString(array + 1);
  const { bytes } = tape;
  const key = array - 1;
  let at = afterSpace(bytes, tape.a(key) + tape.b(key) + 1);
  if (bytes[at] !== COLON) return false;
  at = afterSpace(bytes, at + 1);
  return bytes[at] === OPENING_BRACKET && bytes[afterSpace(bytes, at + 1)] === QUOTE;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;

function afterSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let c = bytes[at]; c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09; c = bytes[++at]);
  return at;
}

function isBoolean(tape: Tape, node: number): boolean {
  const kind = tape.kind(node);
  return kind === Kind.true || kind === Kind.false;
}

function isNumber(tape: Tape, node: number): boolean {
  return tape.kind(node) === Kind.number;
}
