// spec/sidecar/extensions.json -> which files are images and which may be sidecars.
import { header, lines, rustString, tsString } from './text.mjs';

const SOURCE = 'spec/sidecar/extensions.json';

export function extensionFiles({ sidecar, image }) {
  const formats = Object.entries(sidecar);
  const images = [...image].sort();
  return {
    'packages/sidecar/src/generated/extensions.ts': typescript(formats, images),
    'crates/tandem-sidecar/src/generated/extensions.rs': rust(formats, images),
  };
}

function typescript(formats, images) {
  const names = [...new Set(formats.map(([, format]) => format))];
  return `${header(SOURCE)}
export type ExtensionFormat = ${names.map(tsString).join(' | ')};

/** Extension in lower case, without the dot -> the format it promises. */
export const SIDECAR_EXTENSIONS: ReadonlyMap<string, ExtensionFormat> = new Map<string, ExtensionFormat>([
${lines(formats, ([extension, format]) => `  [${tsString(extension)}, ${tsString(format)}],`)}]);

/** In lower case, without the dot. */
export const IMAGE_EXTENSIONS: ReadonlySet<string> = new Set([
${lines(images, (extension) => `  ${tsString(extension)},`)}]);
`;
}

function rust(formats, images) {
  return `${header(SOURCE)}
/// Extension in lower case, without the dot, and the format it promises.
pub static SIDECAR_EXTENSIONS: &[(&str, &str)] = &[
${lines(formats, ([extension, format]) => `    (${rustString(extension)}, ${rustString(format)}),`)}];

/// In lower case, without the dot, sorted by bytes.
pub static IMAGE_EXTENSIONS: &[&str] = &[
${lines(images, (extension) => `    ${rustString(extension)},`)}];
`;
}
