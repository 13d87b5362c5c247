// The built addon in packages/native/generated, where TypeScript looks for it.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './processes.mjs';

const FOLDER = join(ROOT, 'packages', 'native', 'generated');

/**
 * Installs a library. By rename, because writing to a mapped file can crash the processes that have loaded
 * it.
 */
export function installAddon(library) {
  const target = join(FOLDER, `tandem.${platformTriple()}.node`);
  if (!existsSync(target) || !readFileSync(target).equals(readFileSync(library))) {
    mkdirSync(FOLDER, { recursive: true });
    const scratch = `${target}.${process.pid}.tmp`;
    copyFileSync(library, scratch);
    renameSync(scratch, target);
  }
  return target;
}

/** An addon that this checkout cannot rebuild may be older than its sources; it must not be used silently. */
export function removeAddons() {
  const stale = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.node')) : [];
  for (const name of stale) {
    rmSync(join(FOLDER, name), { force: true });
  }
  return stale.length > 0;
}

/** napi's names: linux-x64-gnu, linux-arm64-musl, darwin-arm64, win32-x64-msvc. */
export function platformTriple() {
  const { platform, arch } = process;
  const abi = { linux: linuxAbi, win32: () => 'msvc' }[platform]?.();
  return [platform, arch, abi].filter((part) => part !== undefined).join('-');
}

function linuxAbi() {
  return process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'gnu';
}
