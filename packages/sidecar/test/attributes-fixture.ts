import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DISK } from '../../files/test/store-files.ts';

/** Extended attributes by name; values in hex. */
export type Attributes = Readonly<Record<string, string>>;

const PYTHON = `
import json, os, sys
for path, changes in json.load(sys.stdin).items():
    for name, value in (changes.get('set') or {}).items():
        os.setxattr(path, name, bytes.fromhex(value), follow_symlinks=False)
    if 'ns' in changes:
        os.utime(path, ns=tuple(int(each) for each in changes['ns']))
told = {path: {name: os.getxattr(path, name).hex() for name in os.listxattr(path)} for path in sys.argv[1:]}
print(json.dumps(told))`;

function python(paths: readonly string[], changes: object): Record<string, Attributes> {
  const input = JSON.stringify(changes);
  const options = { input, stdio: ['pipe', 'pipe', 'ignore'] as ['pipe', 'pipe', 'ignore'] };
  return JSON.parse(execFileSync('python3', ['-c', PYTHON, ...paths], options).toString());
}

/** Node has no calls for extended attributes. */
export function setAttributes(path: string, set: Attributes): void {
  python([], { [path]: { set } });
}

/** Nanoseconds since 1970. */
export function setTimes(path: string, accessed: bigint, modified: bigint): void {
  python([], { [path]: { ns: [accessed, modified].map(String) } });
}

export function attributesOf(path: string): Attributes {
  return python([path], {})[path] as Attributes;
}

/**
 * Everything that must be kept of a file beside its bytes. The access time is not compared: any read may
 * change it.
 */
export function keptOf(path: string): object {
  const { uid, gid, mode, mtimeNs } = lstatSync(path, { bigint: true });
  return { uid, gid, mode, mtimeNs, attributes: attributesOf(path) };
}

const SOMEBODY = 1000;
const NOBODY = 0xffff_ffff;

/**
 * An ACL as Linux stores it: the permissions of the owner, of user 1000, of the group, the mask, and of
 * others.
 */
export function acl(owner: number, somebody: number, group: number, mask: number, others: number): string {
  const entries: readonly [tag: number, may: number, id: number][] = [
    [0x01, owner, NOBODY],
    [0x02, somebody, SOMEBODY],
    [0x04, group, NOBODY],
    [0x10, mask, NOBODY],
    [0x20, others, NOBODY],
  ];
  const bytes = Buffer.alloc(4 + entries.length * 8);
  bytes.writeUInt32LE(2, 0);
  for (const [index, [tag, may, id]] of entries.entries()) {
    bytes.writeUInt16LE(tag, 4 + index * 8);
    bytes.writeUInt16LE(may, 6 + index * 8);
    bytes.writeUInt32LE(id, 8 + index * 8);
  }
  return bytes.toString('hex');
}

export const ACL = 'system.posix_acl_access';
export const ACL_OF_NEW_FILES = 'system.posix_acl_default';

/** Why attributes cannot be tested here; '' where they can. */
export function whyNoAttributes(): string {
  if (process.platform !== 'linux') return 'only on Linux';
  const folder = mkdtempSync(join(DISK, 'tandem-probe-'));
  try {
    writeFileSync(`${folder}/a`, '');
    setAttributes(`${folder}/a`, { 'user.a': '00', [ACL]: acl(6, 6, 0, 6, 0) });
    return '';
  } catch {
    return 'no python3, or a file system without attributes';
  } finally {
    rmSync(folder, { recursive: true });
  }
}
