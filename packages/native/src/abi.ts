/**
 * The contract of both sides of the boundary: names, fields and types of the addon.
 * crates/tandem-node/src/lib.rs has the same number, and a test compares the two. Raise both when anything in
 * native-addon.ts changes.
 */
export const ABI = 10;
