// spec/limits.json -> constants in both engines.
import { camelCase, grouped, header, lines } from './text.mjs';

const SOURCE = 'spec/limits.json';

/**
 * Limits that are compared with a file size or with a counter of fixed width; all others count things in
 * memory.
 */
const RUST_TYPES = { max_file_size: 'u64', max_depth: 'u32' };

export function limitFiles({ about, ...limits }) {
  return {
    'packages/engine/src/generated/limits.ts': typescript(Object.entries(limits)),
    'crates/tandem-common/src/generated/limits.rs': rust(Object.entries(limits)),
  };
}

function typescript(limits) {
  return `${header(SOURCE)}
export interface Limits {
${lines(limits, ([name]) => `  readonly ${camelCase(name)}: number;`)}}

export const LIMITS: Limits = {
${lines(limits, ([name, value]) => `  ${camelCase(name)}: ${grouped(value)},`)}};
`;
}

function rust(limits) {
  return `${header(SOURCE)}
${lines(limits, ([name, value]) => `pub const ${name.toUpperCase()}: ${RUST_TYPES[name] ?? 'usize'} = ${grouped(value)};`)}`;
}
