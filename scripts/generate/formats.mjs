// spec/sidecar/formats.json -> the names and facts of the formats, in both engines.
import { header, lines, pascalCase, rustString, tsString } from './text.mjs';

const SOURCE = 'spec/sidecar/formats.json';
/** The form of the older tool is stored under the extensions of other formats. */
const LEGACY = 'legacy';

export function formatFiles({ formats }) {
  const list = Object.entries(formats).map(([name, facts]) => ({ name, ...facts }));
  return {
    'packages/sidecar/src/generated/formats.ts': typescript(list),
    'crates/tandem-sidecar/src/generated/formats.rs': rust(list),
  };
}

/** Replaces the words `formats` and `stored_formats` in the spec of the reports by the names of the formats. */
export function withFormats(reports, { formats }) {
  const names = Object.keys(formats);
  const values = { formats: names, stored_formats: [...names, LEGACY] };
  const expand = (value) => {
    if (Array.isArray(value)) return value.flatMap(expandEach);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === 'values' && typeof inner === 'string' ? values[inner] : expand(inner),
      ]),
    );
  };
  const expandEach = (column) => {
    const { each, ...rest } = column ?? {};
    return each === undefined ? [expand(column)] : values[each].map((name) => ({ name, ...rest }));
  };
  return expand(reports);
}

function typescript(formats) {
  const facts = lines(
    formats,
    ({ name, label, magic, may_be_legacy: mayBeLegacy, preference }) =>
      `  ${name}: { label: ${tsString(label)}, magic: ${tsMagic(magic)}, mayBeLegacy: ${mayBeLegacy}, preference: ${preference} },`,
  );
  return `${header(SOURCE)}
/** The formats in which a sidecar is stored, named as on the command line and by their extensions. */
export type SidecarFormat = ${formats.map(({ name }) => tsString(name)).join(' | ')};

/**
 * The format of a file by its content: \`legacy\` is the older tool's form (u64 length and JSON), under any
 * extension that may have it.
 */
export type StoredFormat = SidecarFormat | ${tsString(LEGACY)};

/** The names of the formats in the reports of the older tool. */
export type FormatLabel = ${formats.map(({ label }) => tsString(label)).join(' | ')};

export interface FormatFacts {
  readonly label: FormatLabel;
  /** The first bytes of such a file; null if it is recognized by other means. */
  readonly magic: Uint8Array | null;
  /** Whether a file of this name may be in the older tool's form. */
  readonly mayBeLegacy: boolean;
  /** Its place in the order in which the formats of one image were preferred; 0 is the first choice. */
  readonly preference: number;
}

/** In the order in which messages list the formats. */
export const FORMAT_FACTS: Readonly<Record<SidecarFormat, FormatFacts>> = {
${facts}};

export const FORMATS: readonly SidecarFormat[] = [${formats.map(({ name }) => tsString(name)).join(', ')}];
`;
}

function tsMagic(magic) {
  return magic === null
    ? 'null'
    : `Uint8Array.of(${magic
        .match(/../g)
        .map((byte) => `0x${byte}`)
        .join(', ')})`;
}

function rust(formats) {
  const variants = formats.map(({ name }) => pascalCase(name));
  return `${header(SOURCE)}
/// The format that a file's name indicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
${lines(variants, (variant) => `    ${variant},`)}}

/// The format of a file by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
${lines(variants, (variant) => `    ${variant},`)}    /// The older tool's form: a u64 length and JSON, under any extension that may have it.
    Legacy,
}

impl Extension {
    pub const ALL: [Self; ${formats.length}] = [${variants.map((variant) => `Self::${variant}`).join(', ')}];

    #[must_use]
    pub fn name(self) -> &'static str {
        self.format().name()
    }

    /// The format that it indicates.
    #[must_use]
    pub fn format(self) -> Format {
        match self {
${lines(variants, (variant) => `            Self::${variant} => Format::${variant},`)}        }
    }

    /// Whether a file of this name may be in the older tool's form.
    #[must_use]
    pub fn may_be_legacy(self) -> bool {
        matches!(self, ${formats
          .filter((format) => format.may_be_legacy)
          .map(({ name }) => `Self::${pascalCase(name)}`)
          .join(' | ')})
    }
}

impl Format {
    /// The first bytes of the formats that have a magic.
    pub const MAGICS: &'static [(Self, &'static [u8; 8])] = &[
${lines(
  formats.filter(({ magic }) => magic !== null),
  ({ name }) => `        (Self::${pascalCase(name)}, &${constantOf(name)}),`,
)}    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
${lines(formats, ({ name }) => `            Self::${pascalCase(name)} => ${rustString(name)},`)}            Self::Legacy => ${rustString(LEGACY)},
        }
    }

    /// The extension of this format; \`None\` for the older tool's form.
    #[must_use]
    pub fn extension(self) -> Option<Extension> {
        match self {
${lines(variants, (variant) => `            Self::${variant} => Some(Extension::${variant}),`)}            Self::Legacy => None,
        }
    }
}

${lines(
  formats.filter(({ magic }) => magic !== null),
  ({ name, magic }) =>
    `pub const ${constantOf(name)}: [u8; 8] = [${magic
      .match(/../g)
      .map((byte) => `0x${byte}`)
      .join(', ')}];`,
)}`;
}

function constantOf(name) {
  return `${name.toUpperCase()}_MAGIC`;
}
