import { countOf, KeyTable, Kind, type Tape } from '@tandem/json';
import { isDuration } from './duration.ts';
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
  PROCESSING_TIME_KEYS,
  SUCCESS_KEYS,
  TOOL_KEYS,
} from './generated/detection.ts';
import { NOBODYS, type Ownership, ownershipOf } from './ownership.ts';
import { SpelledOperations, UNKNOWN } from './spelled-operation.ts';

/** The facts of a document, by the rules of spec/sidecar/summary.md. */
export interface Summary extends Ownership {
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
}

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
const INFO_KEYS = new KeyTable([
  ...CREATED_AT_KEYS,
  ...LAST_UPDATED_KEYS,
  ...IMAGE_PATH_KEYS,
  INFO_OPERATION_KEY,
]);

const INFO = Buffer.from(INFO_KEY);
const SPELLED = new SpelledOperations();
/** The document, the operation's own value, and three nested objects of each. */
const MOST_PLACES = 2 + 2 * NESTED_KEYS.length;

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
  places.open(tape, operation);
  return {
    operation,
    detections: places.detections(tape),
    tool: places.tool(tape),
    success: places.success(tape),
    processingTime: places.processingTime(tape),
    createdAt: told(tape, 0, UPDATED_FROM),
    lastUpdated: told(tape, UPDATED_FROM, IMAGE_FROM),
    imagePath: told(tape, IMAGE_FROM, INFO_OPERATION_SLOT),
    ...ownershipOf(tape),
  };
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
  ...NOBODYS,
};

function operationOf(tape: Tape, stated: number): number {
  if (stated >= 0 && tape.isString(stated)) {
    const operation = SPELLED.find(tape, stated);
    if (operation >= 0 && operation !== UNKNOWN) return operation;
  }
  const end = tape.b(0);
  for (let key = 1; key < end; key = tape.after(key + 1)) {
    const operation = SPELLED.find(tape, key);
    if (operation >= 0 && operation !== UNKNOWN) return operation;
  }
  return UNKNOWN;
}

/** The first string in slots [from, to) of sidecar_info, then of the document. */
function told(tape: Tape, from: number, to: number): string | null {
  for (const slots of [infoSlots, topInfoSlots]) {
    for (let slot = from; slot < to; slot++) {
      const node = slots[slot] as number;
      if (node >= 0 && tape.isString(node)) return tape.string(node);
    }
  }
  return null;
}

/**
 * The objects of a document in which its facts are looked for, in the order of summary.md. There is one
 * instance for all documents: its slots are refilled, so that a summary creates no garbage.
 */
class Places {
  readonly #slots: Int32Array[] = Array.from({ length: MOST_PLACES }, () => new Int32Array(PLACE_KEYS.size));
  #count = 0;
  #ownSlots: Int32Array | null = null;
  #ownArray = 0;

  open(tape: Tape, operation: number): void {
    this.#count = 0;
    this.#ownSlots = null;
    this.#ownArray = 0;
    const top = this.#add(tape, 0);
    const own = operation === UNKNOWN ? -1 : ownValue(tape, operation, top);
    if (own >= 0 && tape.isObject(own)) this.#ownSlots = this.#add(tape, own);
    else if (own >= 0 && tape.kind(own) === Kind.array) this.#ownArray = tape.a(own);
    this.#addNested(tape, top);
    if (this.#ownSlots !== null) this.#addNested(tape, this.#ownSlots);
  }

  #add(tape: Tape, object: number): Int32Array {
    const slots = this.#slots[this.#count++] as Int32Array;
    PLACE_KEYS.find(tape, object, slots);
    return slots;
  }

  #addNested(tape: Tape, slots: Int32Array): void {
    for (let slot = NESTED_FROM; slot < METADATA_FROM; slot++) {
      const node = slots[slot] as number;
      if (node >= 0 && tape.isObject(node)) this.#add(tape, node);
    }
  }

  detections(tape: Tape): number {
    for (let place = 0; place < this.#count; place++) {
      for (let slot = 0; slot < LIST_FROM; slot++) {
        const node = this.#slots[place]?.[slot] as number;
        const count = node < 0 ? -1 : countOf(tape, node);
        if (count >= 0) return count;
      }
    }
    const list = this.#first(tape, LIST_FROM, TOOL_FROM, isArray);
    return list < 0 ? this.#ownArray : tape.a(list);
  }

  tool(tape: Tape): string | null {
    const named = this.#first(tape, TOOL_FROM, SUCCESS_FROM, isString);
    if (named >= 0) return tape.string(named);
    for (const slots of [this.#slots[0], this.#ownSlots]) {
      const metadata = slots?.[METADATA_FROM] ?? -1;
      if (metadata < 0 || !tape.isObject(metadata)) continue;
      METADATA_KEYS.find(tape, metadata, metadataSlots);
      for (const node of metadataSlots) if (node >= 0 && tape.isString(node)) return tape.string(node);
    }
    return null;
  }

  success(tape: Tape): boolean | null {
    const judged = this.#first(tape, SUCCESS_FROM, TIME_FROM, isBoolean);
    return judged < 0 ? null : tape.kind(judged) === Kind.true;
  }

  processingTime(tape: Tape): string | null {
    const timed = this.#first(tape, TIME_FROM, NESTED_FROM, isDuration);
    return timed < 0 ? null : tape.spelling(timed);
  }

  /** The first node in slots [from, to), place by place, that satisfies `is`; -1 if there is none. */
  #first(tape: Tape, from: number, to: number, is: (tape: Tape, node: number) => boolean): number {
    for (let place = 0; place < this.#count; place++) {
      const slots = this.#slots[place] as Int32Array;
      for (let slot = from; slot < to; slot++) {
        const node = slots[slot] as number;
        if (node >= 0 && is(tape, node)) return node;
      }
    }
    return -1;
  }
}

function isArray(tape: Tape, node: number): boolean {
  return tape.kind(node) === Kind.array;
}

function isString(tape: Tape, node: number): boolean {
  return tape.isString(node);
}

function isBoolean(tape: Tape, node: number): boolean {
  const kind = tape.kind(node);
  return kind === Kind.true || kind === Kind.false;
}

/**
 * The value of the first key that spells the operation: at the top level, then in data, result, detection.
 */
function ownValue(tape: Tape, operation: number, top: Int32Array): number {
  const own = spelledValue(tape, operation, 0);
  if (own >= 0) return own;
  for (let slot = NESTED_FROM; slot < METADATA_FROM; slot++) {
    const node = top[slot] as number;
    const value = node >= 0 && tape.isObject(node) ? spelledValue(tape, operation, node) : -1;
    if (value >= 0) return value;
  }
  return -1;
}

function spelledValue(tape: Tape, operation: number, object: number): number {
  const end = tape.b(object);
  for (let key = object + 1; key < end; key = tape.after(key + 1)) {
    if (SPELLED.find(tape, key) === operation) return tape.get(object, tape.text(key));
  }
  return -1;
}

const places = new Places();
