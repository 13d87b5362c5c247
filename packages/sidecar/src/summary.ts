import {
  COUNT_KEYS,
  CREATED_AT_KEYS,
  IMAGE_PATH_KEYS,
  INFO_KEY,
  INFO_OPERATION_KEY,
  LAST_UPDATED_KEYS,
  LIST_KEYS,
  METADATA_KEY,
  NESTED_KEYS,
  OPERATIONS,
  PROCESSING_TIME_KEYS,
  SUCCESS_KEYS,
  TOOL_KEYS,
} from './generated/detection.ts';
import { KeyTable } from './json/key-table.ts';
import { Kind, type Tape } from './json/tape.ts';

/** What a document says, by the rules of spec/sidecar/summary.md. */
export interface Summary {
  /** Index into OPERATIONS. */
  readonly operation: number;
  readonly detections: number;
  readonly tool: string | null;
  readonly success: boolean | null;
  /** Seconds, as the document spells them. */
  readonly processingTime: string | null;
  readonly createdAt: string | null;
  readonly lastUpdated: string | null;
  readonly imagePath: string | null;
  /** Whether the document itself proves to be a sidecar: a known operation, or an object `sidecar_info`. */
  readonly isSidecar: boolean;
}

/** The index of `unknown` in OPERATIONS. */
export const UNKNOWN: number = OPERATIONS.findIndex((operation) => operation.name === 'unknown');

const LIST_FROM = COUNT_KEYS.length;
const TOOL_FROM = LIST_FROM + LIST_KEYS.length;
const SUCCESS_FROM = TOOL_FROM + TOOL_KEYS.length;
const TIME_FROM = SUCCESS_FROM + SUCCESS_KEYS.length;
const NESTED_FROM = TIME_FROM + PROCESSING_TIME_KEYS.length;
const METADATA_FROM = NESTED_FROM + NESTED_KEYS.length;
const PLACE_KEYS = new KeyTable([
  ...COUNT_KEYS,
  ...LIST_KEYS,
  ...TOOL_KEYS,
  ...SUCCESS_KEYS,
  ...PROCESSING_TIME_KEYS,
  ...NESTED_KEYS,
  METADATA_KEY,
]);
const METADATA_KEYS = new KeyTable(TOOL_KEYS);

const UPDATED_FROM = CREATED_AT_KEYS.length;
const IMAGE_FROM = UPDATED_FROM + LAST_UPDATED_KEYS.length;
const INFO_OPERATION_SLOT = IMAGE_FROM + IMAGE_PATH_KEYS.length;
const INFO_KEYS = new KeyTable([...CREATED_AT_KEYS, ...LAST_UPDATED_KEYS, ...IMAGE_PATH_KEYS, INFO_OPERATION_KEY]);

const INFO = Buffer.from(INFO_KEY);
const SPELLINGS: ReadonlyMap<string, number> = new Map(
  OPERATIONS.flatMap((operation, index) => operation.spellings.map((spelling) => [spelling, index] as const)),
);
const LONGEST_SPELLING = 64;
const MAX_SAFE = Number.MAX_SAFE_INTEGER;

const infoSlots = new Int32Array(INFO_KEYS.size);
const topInfoSlots = new Int32Array(INFO_KEYS.size);
const metadataSlots = new Int32Array(METADATA_KEYS.size);

/** Reads the summary from a tape; an outline is enough. */
export function summarize(tape: Tape): Summary {
  if (!tape.isObject(0)) return NOTHING;
  const info = tape.get(0, INFO);
  const hasInfo = info >= 0 && tape.isObject(info);
  if (hasInfo) INFO_KEYS.find(tape, info, infoSlots);
  else infoSlots.fill(-1);
  INFO_KEYS.find(tape, 0, topInfoSlots);

  const operation = operationOf(tape, infoSlots[INFO_OPERATION_SLOT] as number);
  const places = new Places(tape, operation);
  return {
    operation,
    detections: places.detections(),
    tool: places.tool(),
    success: places.success(),
    processingTime: places.processingTime(),
    createdAt: told(tape, 0, UPDATED_FROM),
    lastUpdated: told(tape, UPDATED_FROM, IMAGE_FROM),
    imagePath: told(tape, IMAGE_FROM, INFO_OPERATION_SLOT),
    isSidecar: hasInfo || operation !== UNKNOWN,
  };
}

/** The operation a name spells, as an index into OPERATIONS, or -1. */
export function spelledOperation(name: string): number {
  if (name.length > LONGEST_SPELLING) return -1;
  return SPELLINGS.get(name.replace(/[A-Z]/g, lower).replace(/[^a-z0-9]/g, '')) ?? -1;
}

const NOTHING: Summary = {
  operation: UNKNOWN,
  detections: 0,
  tool: null,
  success: null,
  processingTime: null,
  createdAt: null,
  lastUpdated: null,
  imagePath: null,
  isSidecar: false,
};

function lower(letter: string): string {
  return letter.toLowerCase();
}

function operationOf(tape: Tape, stated: number): number {
  if (stated >= 0 && tape.isString(stated)) {
    const operation = spelledOperation(tape.string(stated));
    if (operation >= 0 && operation !== UNKNOWN) return operation;
  }
  const end = tape.b(0);
  for (let key = 1; key < end; key = tape.after(key + 1)) {
    const operation = keyOperation(tape, key);
    if (operation >= 0 && operation !== UNKNOWN) return operation;
  }
  return UNKNOWN;
}

function keyOperation(tape: Tape, key: number): number {
  return tape.b(key) > LONGEST_SPELLING ? -1 : spelledOperation(tape.string(key));
}

/** The first string by slots [from, to) in sidecar_info, then in the document. */
function told(tape: Tape, from: number, to: number): string | null {
  for (const slots of [infoSlots, topInfoSlots]) {
    for (let slot = from; slot < to; slot++) {
      const node = slots[slot] as number;
      if (node >= 0 && tape.isString(node)) return tape.string(node);
    }
  }
  return null;
}

/** The objects of a document in which its facts are looked for, in the order of summary.md. */
class Places {
  readonly #tape: Tape;
  readonly #slots: Int32Array[] = [];
  readonly #metadata: number[] = [];
  readonly #ownArray: number;

  constructor(tape: Tape, operation: number) {
    this.#tape = tape;
    const top = this.#open(0);
    const nested = this.#nestedOf(top);
    const own = operation === UNKNOWN ? -1 : ownValue(tape, operation, nested);
    this.#ownArray = own >= 0 && tape.kind(own) === Kind.array ? tape.a(own) : 0;
    const ownSlots = own >= 0 && tape.isObject(own) ? this.#open(own) : null;
    for (const object of nested) this.#open(object);
    if (ownSlots !== null) for (const object of this.#nestedOf(ownSlots)) this.#open(object);
    for (const slots of [top, ownSlots]) {
      const metadata = slots?.[METADATA_FROM] ?? -1;
      if (metadata >= 0 && tape.isObject(metadata)) this.#metadata.push(metadata);
    }
  }

  #open(object: number): Int32Array {
    const slots = new Int32Array(PLACE_KEYS.size);
    PLACE_KEYS.find(this.#tape, object, slots);
    this.#slots.push(slots);
    return slots;
  }

  #nestedOf(slots: Int32Array): number[] {
    const nodes = Array.from(slots.subarray(NESTED_FROM, METADATA_FROM));
    return nodes.filter((node) => node >= 0 && this.#tape.isObject(node));
  }

  /** The first value by slots [from, to) that `accept` does not turn down. */
  #first<T>(from: number, to: number, accept: (node: number) => T | null): T | null {
    for (const slots of this.#slots) {
      for (let slot = from; slot < to; slot++) {
        const node = slots[slot] as number;
        const value = node < 0 ? null : accept(node);
        if (value !== null) return value;
      }
    }
    return null;
  }

  detections(): number {
    const tape = this.#tape;
    const counted = this.#first(0, LIST_FROM, (node) => {
      const value = tape.kind(node) === Kind.number ? Number(tape.spelling(node)) : -1;
      return Number.isInteger(value) && value >= 0 && value <= MAX_SAFE ? value + 0 : null;
    });
    const listed = (node: number): number | null => (tape.kind(node) === Kind.array ? tape.a(node) : null);
    return counted ?? this.#first(LIST_FROM, TOOL_FROM, listed) ?? this.#ownArray;
  }

  tool(): string | null {
    const tape = this.#tape;
    const named = (node: number): string | null => (tape.isString(node) ? tape.string(node) : null);
    const found = this.#first(TOOL_FROM, SUCCESS_FROM, named);
    if (found !== null) return found;
    for (const object of this.#metadata) {
      METADATA_KEYS.find(tape, object, metadataSlots);
      const node = metadataSlots.find((slot) => slot >= 0 && tape.isString(slot));
      if (node !== undefined) return tape.string(node);
    }
    return null;
  }

  success(): boolean | null {
    return this.#first(SUCCESS_FROM, TIME_FROM, (node) => {
      const kind = this.#tape.kind(node);
      return kind === Kind.true ? true : kind === Kind.false ? false : null;
    });
  }

  processingTime(): string | null {
    return this.#first(TIME_FROM, NESTED_FROM, (node) => {
      if (this.#tape.kind(node) !== Kind.number) return null;
      const spelling = this.#tape.spelling(node);
      const seconds = Number(spelling);
      return Number.isFinite(seconds) && seconds >= 0 ? spelling : null;
    });
  }
}

/** The value of the first key that spells the operation: at the top, then in data, result, detection. */
function ownValue(tape: Tape, operation: number, nested: readonly number[]): number {
  for (const object of [0, ...nested]) {
    const end = tape.b(object);
    for (let key = object + 1; key < end; key = tape.after(key + 1)) {
      if (keyOperation(tape, key) === operation) return tape.get(object, tape.text(key));
    }
  }
  return -1;
}
