// The exports of crates/tandem-node -> their declaration in TypeScript, and the ABI number, which is derived
// from it.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildAddon, findCargo, TYPES } from '../lib/cargo.mjs';
import { grouped, header, lines } from './text.mjs';

const SOURCE = 'crates/tandem-node';
const ADDON = `/**
 * The addon.
 *
 * A domain error is thrown, or a promise rejected, with a message of the form 'CODE: JSON': a code of
 * spec/errors, and an object {params, path} from which TypeScript fills the template. Any other error is a
 * failure of the engine.
 */`;

/**
 * Builds the addon, whose macros list its exports. Returns nothing without cargo: the files then stay
 * unchanged.
 */
export async function nativeFiles() {
  const cargo = findCargo();
  const build = cargo && (await buildAddon(cargo));
  if (build?.state === 'broken') throw new Error(build.output);
  if (build?.state !== 'built') return {};
  const declarations = declared(readFileSync(TYPES, 'utf8').trim().split('\n').map(JSON.parse));
  const abi = createHash('sha256').update(declarations).digest().readUInt32BE();
  return {
    'packages/native/src/generated/native-addon.ts': `${header(SOURCE)}
/** The number that an addon with these declarations reports; another one is refused. */
export const ABI = ${abi};

${declarations}`,
    'crates/tandem-node/src/generated/abi.rs': `${header(SOURCE)}
/// Follows from the exported declarations and their comments. An addon with another number is refused,
/// because a stale build could silently give wrong answers.
pub const ABI: u32 = ${grouped(abi)};
`,
    'crates/tandem-node/src/generated/mod.rs': `${header(SOURCE)}\n#[rustfmt::skip]\npub mod abi;\n`,
  };
}

/** Ordered by name: the order in the file is the order of compilation. */
function declared(entries) {
  const of = (kind) =>
    entries.filter((entry) => entry.kind === kind).sort((a, b) => (a.name < b.name ? -1 : 1));
  const functions = of('fn').map(({ js_doc, def }) => `${js_doc}${def.replace(/^function /, '')}`);
  const classes = of('struct').map(({ name, js_doc }) => {
    const { def } = entries.find((entry) => entry.kind === 'impl' && entry.name === name);
    return { name, js_doc, def };
  });
  const interfaces = [
    ...of('interface').map((entry) => ({ ...entry, def: readonly(entry.def) })),
    ...classes,
  ];
  return [
    `${ADDON}\nexport interface NativeAddon {\n${members(functions.join('\n'))}}\n`,
    ...interfaces
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, js_doc, def }) => `\n${js_doc}export interface ${name} {\n${members(def)}}\n`),
  ].join('');
}

function members(text) {
  return lines(text.split('\n'), (line) => {
    const code = line.trim();
    const inComment = code.startsWith('*');
    return `  ${inComment ? ' ' : ''}${code}${/^(\/?\*)/.test(code) ? '' : ';'}`;
  });
}

/** Makes the fields readonly. */
function readonly(def) {
  return def
    .split('\n')
    .map((line) => (/^\s*(\/\*\*|\*)/.test(line) ? line : line.replace(/^(\w+\??):/, 'readonly $1:')))
    .join('\n');
}
