// spec/sidecar/detection.json -> the tables that tell what a document says.
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
};
const SINGLE_KEYS = { METADATA_KEY: 'metadata', INFO_KEY: 'info', INFO_OPERATION_KEY: 'info_operation' };

export function detectionFiles(spec) {
  const known = [
    'about',
    'version',
    'operations',
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
${lines(Object.entries(SINGLE_KEYS), ([name, key]) => `export const ${name}: string = ${tsString(spec[key])};`)}`;
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
${lines(Object.entries(SINGLE_KEYS), ([name, key]) => `pub const ${name}: &str = ${rustString(spec[key])};`)}`;
}
