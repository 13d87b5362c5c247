import { statSync } from 'node:fs';
import { leadsNowhere, toFsPath } from '@tandem/files';
import { encodeText } from '@tandem/json';

/**
 * Whether the image that a document names exists: as it is spelled, relative to the sidecar's folder and to
 * the root, and the same with the separators of Windows replaced. A path that cannot be examined counts as
 * existing, because its state is unknown.
 * @param named text of the document; not trusted
 * @param folder the raw path of the sidecar's folder, with a trailing slash
 * @param root the raw path of the root, with a trailing slash
 */
export function isNamedImageThere(named: string, folder: string, root: string): boolean {
  if (named === '' || named.includes('\0')) return false;
  const spelled = Buffer.from(encodeText(named)).toString('latin1');
  const spellings = spelled.includes('\\') ? [spelled, spelled.replaceAll('\\', '/')] : [spelled];
  return spellings.some((path) =>
    path.startsWith('/') ? isThere(path) : isThere(folder + path) || isThere(root + path),
  );
}

function isThere(path: string): boolean {
  try {
    statSync(toFsPath(path));
    return true;
  } catch (error) {
    return !leadsNowhere(error);
  }
}
