/** Characters that are one byte each and need no escape in JSON. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7f]*$/;
/**
 * Ill-formed parts become U+FFFD, one each, and a BOM at the beginning stays (spec/sidecar/walk.md, "Paths").
 */
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** A raw name as reports show it. */
export function shownText(raw: string): string {
  return PLAIN.test(raw) ? raw : DECODER.decode(Buffer.from(raw, 'latin1'));
}
