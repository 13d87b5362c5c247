// spec/sidecar/detection.json -> the tables for detecting what a document contains.
import { header, lines, rustString, rustStrings, tsString, tsStrings } from './text.mjs';

const SOURCE = 'spec/sidecar/detection.json';

/** Constant -> key of the spec, for a list of keys and for a single key. */
const KEY_LISTS = {
  NESTED_KEYS: 'nested',
  COUNT_KEYS: 'count',
  LIST_KEYS: 'list',
  TOOL_KEYS: 'tool',
  SUCCESS_KEYS: 'success',
  PROCESSING_TIME_KEYS: 'processing_time',
  CREATED_AT_KEYS: 'created_at',
  LAST_UPDATED_KEYS: 'last_updated',
  IMAGE_PATH_KEYS: 'image_path',
  SCORE_KEYS: 'score',
  SWITCH_KEYS: 'switch',
  SETTING_KEYS: 'setting',
  SETTING_PREFIXES: 'setting_prefix',
  SETTING_SUFFIXES: 'setting_suffix',
};
const SINGLE_KEYS = { METADATA_KEY: 'metadata', INFO_KEY: 'info', INFO_OPERATION_KEY: 'info_operation' };

/** The name of a type -> its number on a tape (spec/json.md). */
const TYPES = { number: 3, string: 4, array: 5, object: 6 };

export function detectionFiles(spec) {
  const known = [
    'about',
    'version',
    'operations',
    'foreign',
    ...Object.values(KEY_LISTS),
    ...Object.values(SINGLE_KEYS),
  ];
  const unknown = Object.keys(spec).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new Error(`${SOURCE}: scripts/generate/detection.mjs does not know ${unknown.join(', ')}`);
  }
  return {
    'packages/sidecar/src/generated/detection.ts': typescript(spec),
    'crates/tandem-sidecar/src/generated/detection.rs': rust(spec),
  };
}

/** `[kind, [[key, type]...]]`, one for each sign of the kind. */
function foreignSigns(spec) {
  return Object.entries(spec.foreign).flatMap(([kind, signs]) =>
    signs.map((sign) => [
      kind,
      sign.map((wanted) => {
        const [key, type] = wanted.split(':');
        if (TYPES[type] === undefined) {
          throw new Error(
            `${SOURCE}: '${wanted}' is not a key, a colon and one of ${Object.keys(TYPES).join(', ')}`,
          );
        }
        return [key, TYPES[type]];
      }),
    ]),
  );
}

function typescript(spec) {
  return `${header(SOURCE)}
export const DETECTION_VERSION: number = ${spec.version};

export type OperationName =
${spec.operations.map(({ name }) => `  | '${name}'`).join('\n')};

export interface OperationDefinition {
  readonly name: OperationName;
  /** The older tool's name. */
  readonly legacy: string;
  /** ASCII letters lowered, all but a-z and 0-9 dropped. */
  readonly spellings: readonly string[];
}

export const OPERATIONS: readonly OperationDefinition[] = [
${lines(spec.operations, (operation) => `  { name: '${operation.name}', legacy: '${operation.legacy}', spellings: ${tsStrings(operation.spellings)} },`)}];

${lines(Object.entries(KEY_LISTS), ([name, key]) => `export const ${name}: readonly string[] = ${tsStrings(spec[key])};`)}
${lines(Object.entries(SINGLE_KEYS), ([name, key]) => `export const ${name}: string = ${tsString(spec[key])};`)}
/** What a document of another program has at its top. */
export interface ForeignSign {
  readonly kind: string;
  /** Keys and the numbers of their values' types on a tape. */
  readonly keys: readonly (readonly [key: string, type: number])[];
}

export const FOREIGN_SIGNS: readonly ForeignSign[] = [
${lines(foreignSigns(spec), ([kind, keys]) => `  { kind: ${tsString(kind)}, keys: [${keys.map(([key, type]) => `[${tsString(key)}, ${type}]`).join(', ')}] },`)}];
`;
}

function rust(spec) {
  return `${header(SOURCE)}
pub const DETECTION_VERSION: u32 = ${spec.version};

pub struct OperationDefinition {
    pub name: &'static str,
    /// The older tool's name.
    pub legacy: &'static str,
    /// ASCII letters lowered, all but a-z and 0-9 dropped.
    pub spellings: &'static [&'static str],
}

pub static OPERATIONS: &[OperationDefinition] = &[
${lines(spec.operations, (operation) => `    OperationDefinition { name: ${rustString(operation.name)}, legacy: ${rustString(operation.legacy)}, spellings: ${rustStrings(operation.spellings)} },`)}];

${lines(Object.entries(KEY_LISTS), ([name, key]) => `pub static ${name}: &[&str] = ${rustStrings(spec[key])};`)}
${lines(Object.entries(SINGLE_KEYS), ([name, key]) => `pub const ${name}: &str = ${rustString(spec[key])};`)}
/// What a document of another program has at its top.
pub struct ForeignSign {
    pub kind: &'static str,
    /// Keys and the numbers of their values' types on a tape.
    pub keys: &'static [(&'static str, u32)],
}

pub static FOREIGN_SIGNS: &[ForeignSign] = &[
${lines(foreignSigns(spec), ([kind, keys]) => `    ForeignSign { kind: ${rustString(kind)}, keys: &[${keys.map(([key, type]) => `(${rustString(key)}, ${type})`).join(', ')}] },`)}];
`;
}
