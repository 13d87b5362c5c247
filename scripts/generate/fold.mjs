// spec/sidecar/case-folding.json -> the pinned table for comparison keys of names.
import { grouped, header, lines } from './text.mjs';

const SOURCE = 'spec/sidecar/case-folding.json';
const RULE =
  'A range is first, last, step, delta: first, first + step, ... last fold to themselves plus delta; all else folds to itself.';

export function foldFiles(spec) {
  return {
    'packages/sidecar/src/generated/fold.ts': typescript(spec),
    'crates/tandem-sidecar/src/generated/fold.rs': rust(spec),
  };
}

function typescript({ unicode, ranges }) {
  return `${header(SOURCE)}
export const FOLD_UNICODE_VERSION: string = '${unicode}';

/** Simple case folding, four numbers a range, ranges in order and apart. ${RULE} */
export const FOLD_RANGES: readonly number[] = [
${lines(ranges, (range) => `  ${range.map(grouped).join(', ')},`)}];
`;
}

function rust({ unicode, ranges }) {
  return `${header(SOURCE)}
pub const FOLD_UNICODE_VERSION: &str = "${unicode}";

/// Simple case folding, ranges in order and apart. ${RULE}
pub static FOLD_RANGES: &[(u32, u32, u32, i32)] = &[
${lines(ranges, (range) => `    (${range.map(grouped).join(', ')}),`)}];
`;
}
