import { readlinkSync, realpathSync, statSync } from 'node:fs';
import { folderOf, stemOf, toFsPath } from '@tandem/files';
import { FORMATS } from '../generated/formats.ts';
import type { ImageLink } from '../walk/walk-batch.ts';

/**
 * The fields of a row for an image that is a link.
 * @param prefix the raw path of its folder, with a trailing slash
 */
export function describeLink(prefix: string, name: string, broken: boolean): ImageLink {
  let target: string;
  try {
    target = readlinkSync(toFsPath(prefix + name), 'latin1');
  } catch {
    // It disappeared, or became a file, after the folder was listed.
    return { name, target: '', broken: true };
  }
  return { name, target, broken };
}

/**
 * Whether an image that is a link has a sidecar beside the file it leads to. Only the exact spellings are
 * tried, with one stat each: that folder may be anywhere and of any size, and listing it for one image would
 * cost too much.
 */
export function isCoveredAtTarget(prefix: string, name: string): boolean {
  let target: string;
  try {
    target = realpathSync.native(toFsPath(prefix + name), 'latin1');
  } catch {
    return false;
  }
  const folder = folderOf(target);
  const image = target.slice(folder.length);
  for (const extension of FORMATS) {
    if (isFile(`${folder}${stemOf(image)}.${extension}`) || isFile(`${folder}${image}.${extension}`))
      return true;
  }
  return false;
}

function isFile(path: string): boolean {
  try {
    return statSync(toFsPath(path), { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}
