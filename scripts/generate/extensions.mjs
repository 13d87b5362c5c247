// spec/sidecar/extensions.json -> which files are images, which may be sidecars, and which are certainly
// neither.
import { header, lines, pascalCase, rustString, tsString } from './text.mjs';

const SOURCE = 'spec/sidecar/extensions.json';
/** The size of a buffer in the Rust engine. */
const LONGEST = 8;

export function extensionFiles({ sidecar, image, raw, video, companion }) {
  const formats = Object.entries(sidecar);
  const images = sorted([...image, ...raw, ...video]);
  const companions = sorted(companion);
  const all = [...Object.keys(sidecar), ...images, ...companions];
  const twice = all.filter((extension, i) => all.indexOf(extension) !== i);
  if (twice.length > 0) {
    throw new Error(`${SOURCE}: ${twice.join(', ')} stands twice`);
  }
  const wrong = all.filter((extension) => !/^[a-z0-9-]+$/.test(extension) || extension.length > LONGEST);
  if (wrong.length > 0) {
    throw new Error(
      `${SOURCE}: ${wrong.join(', ')} is not of 1 to ${LONGEST} letters and digits in lower case`,
    );
  }
  return {
    'packages/sidecar/src/generated/extensions.ts': typescript(formats, images, companions),
    'crates/tandem-sidecar/src/generated/extensions.rs': rust(formats, images, companions),
  };
}

function sorted(extensions) {
  return [...extensions].sort();
}

function typescript(formats, images, companions) {
  const names = [...new Set(formats.map(([, format]) => format))];
  return `${header(SOURCE)}
export type ExtensionFormat = ${names.map(tsString).join(' | ')};

/** Extension in lower case, without the dot -> the format it promises. */
export const SIDECAR_EXTENSIONS: ReadonlyMap<string, ExtensionFormat> = new Map<string, ExtensionFormat>([
${lines(formats, ([extension, format]) => `  [${tsString(extension)}, ${tsString(format)}],`)}]);

/** Of images, raw files and videos. In lower case, without the dot. */
export const IMAGE_EXTENSIONS: ReadonlySet<string> = new Set([
${lines(images, (extension) => `  ${tsString(extension)},`)}]);

/** Of what is no image for certain. In lower case, without the dot. */
export const COMPANION_EXTENSIONS: ReadonlySet<string> = new Set([
${lines(companions, (extension) => `  ${tsString(extension)},`)}]);
`;
}

function rust(formats, images, companions) {
  return `${header(SOURCE)}
use crate::formats::Extension;

/// Extension in lower case, without the dot, and the format it promises.
pub static SIDECAR_EXTENSIONS: &[(&str, Extension)] = &[
${lines(formats, ([extension, format]) => `    (${rustString(extension)}, Extension::${pascalCase(format)}),`)}];

/// Of images, raw files and videos. In lower case, without the dot, sorted by bytes.
pub static IMAGE_EXTENSIONS: &[&str] = &[
${lines(images, (extension) => `    ${rustString(extension)},`)}];

/// Of what is no image for certain. In lower case, without the dot, sorted by bytes.
pub static COMPANION_EXTENSIONS: &[&str] = &[
${lines(companions, (extension) => `    ${rustString(extension)},`)}];
`;
}
