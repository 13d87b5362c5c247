import { readFileSync } from 'node:fs';

/** The facts that make up a triple; tests supply their own. */
export interface Platform {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Whether the C library is musl; called on Linux only. */
  isMusl(): boolean;
}

/** The platform of this process. */
export const currentPlatform: Platform = { platform: process.platform, arch: process.arch, isMusl };

/**
 * The name of a platform in file and package names, as napi-rs spells it: linux-x64-gnu, linux-arm64-musl,
 * darwin-arm64, win32-x64-msvc. For a platform without a build, no file or package has this name.
 */
export function platformTriple({ platform, arch, isMusl }: Platform = currentPlatform): string {
  switch (platform) {
    case 'linux':
      return `linux-${arch}-${arch === 'arm' ? (isMusl() ? 'musleabihf' : 'gnueabihf') : isMusl() ? 'musl' : 'gnu'}`;
    case 'win32':
      return `win32-${arch}-msvc`;
    default:
      return `${platform}-${arch}`;
  }
}

/**
 * Whether the C library of this system is musl. Reading the `ldd` script takes 0.1 ms. process.report takes 4
 * to 9 ms and may wait for reverse DNS, so it is used last, and without the network.
 */
function isMusl(): boolean {
  try {
    return readFileSync('/usr/bin/ldd', 'latin1').includes('musl');
  } catch {
    return isMuslByReport();
  }
}

function isMuslByReport(): boolean {
  // Node 20 also has this property, but its types do not declare it.
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  const before = report.excludeNetwork;
  try {
    report.excludeNetwork = true;
    const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } };
    return header.glibcVersionRuntime === undefined;
  } finally {
    if (before !== undefined) report.excludeNetwork = before;
  }
}
