// spec/sidecar/extensions.json -> which files are images, which may be sidecars, and which are certainly
// neither.
import { header, lines, rustString, tsString } from './text.mjs';

const SOURCE = 'spec/sidecar/extensions.json';
/** The size of a buffer in the Rust engine. */
const LONGEST = 8;

/** @param formats the names of the formats, which are the extensions of sidecars */
export function extensionFiles({ image, raw, video, companion }, formats) {
  const images = sorted([...image, ...raw, ...video]);
  const companions = sorted(companion);
  const all = [...formats, ...images, ...companions];
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
    'packages/sidecar/src/generated/extensions.ts': typescript(images, companions),
    'crates/tandem-sidecar/src/generated/extensions.rs': rust(images, companions),
  };
}

function sorted(extensions) {
  return [...extensions].sort();
}

function typescript(images, companions) {
  return `${header(SOURCE)}
/** Of images, raw files and videos. In lower case, without the dot. */
export const IMAGE_EXTENSIONS: ReadonlySet<string> = new Set([
${lines(images, (extension) => `  ${tsString(extension)},`)}]);

/** Of what is no image for certain. In lower case, without the dot. */
export const COMPANION_EXTENSIONS: ReadonlySet<string> = new Set([
${lines(companions, (extension) => `  ${tsString(extension)},`)}]);
`;
}

function rust(images, companions) {
  return `${header(SOURCE)}
/// Of images, raw files and videos. In lower case, without the dot, sorted by bytes.
pub static IMAGE_EXTENSIONS: &[&str] = &[
${lines(images, (extension) => `    ${rustString(extension)},`)}];

/// Of what is no image for certain. In lower case, without the dot, sorted by bytes.
pub static COMPANION_EXTENSIONS: &[&str] = &[
${lines(companions, (extension) => `    ${rustString(extension)},`)}];
`;
}
