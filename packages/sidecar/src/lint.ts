import { decodeText, Kind, type Scanner, type Tape } from '@tandem/json';

/** The offset of an archive's text in its file (docs/formats.md). */
const ARCHIVE_TEXT = 16;

/** Something valid that is nevertheless worth knowing. `offset` is in bytes from the start of the file. */
export interface Finding {
  readonly finding: string;
  readonly offset: number;
}

/**
 * Findings of a valid document with a full tape, sorted by offset, then by name. The offset of a string is
 * that of its opening quote; in an archive, which has no quotes, that of its first byte.
 */
export function lintDocument(tape: Tape, isArchive: boolean): Finding[] {
  const findings: Finding[] = [];
  if (!tape.isObject(0)) findings.push({ finding: 'not_an_object', offset: 0 });
  const shift = isArchive ? ARCHIVE_TEXT : 0;
  const quote = isArchive ? ARCHIVE_TEXT : -1;
  for (let node = 0; node < tape.size; node++) {
    const kind = tape.kind(node);
    if (kind === Kind.number) findings.push(...numberFindings(tape.spelling(node), tape.a(node) + shift));
    else if (kind === Kind.object) findings.push(...duplicateKeys(tape, node, quote));
    else if (
      (kind === Kind.escaped || (isArchive && kind === Kind.string)) &&
      hasLoneSurrogate(tape.string(node))
    ) {
      findings.push({ finding: 'lone_surrogate', offset: tape.a(node) + quote });
    }
  }
  return findings.sort((x, y) => x.offset - y.offset || (x.finding < y.finding ? -1 : 1));
}

/**
 * The finding of a complete document that is followed only by NUL bytes, as a crash of the file system leaves
 * it. Otherwise none.
 */
export function nulTail(
  scanner: Scanner,
  bytes: Uint8Array,
  start: number,
  end: number,
  at: number,
): Finding[] {
  for (let p = at; p < end; p++) if (bytes[p] !== 0) return [];
  return at < end && scanner.scan(bytes, start, at, 'outline') === null
    ? [{ finding: 'nul_tail', offset: at }]
    : [];
}

function numberFindings(spelling: string, offset: number): Finding[] {
  const value = Number(spelling);
  if (!Number.isFinite(value)) return [{ finding: 'number_beyond_double', offset }];
  if (/^-?\d{16,}$/.test(spelling)) {
    const magnitude = BigInt(spelling);
    if (magnitude > 2n ** 53n || magnitude < -(2n ** 53n)) return [{ finding: 'number_beyond_2_53', offset }];
  }
  return [];
}

function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

/** Builds a set per object: keys are compared as decoded text, lone surrogates included. */
function duplicateKeys(tape: Tape, object: number, quote: number): Finding[] {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  const end = tape.b(object);
  for (let key = object + 1; key < end; key = tape.after(key + 1)) {
    const text = decodeText(tape.text(key));
    if (seen.has(text)) findings.push({ finding: 'duplicate_key', offset: tape.a(key) + quote });
    seen.add(text);
  }
  return findings;
}
