import { readFileSync } from 'node:fs';

/** The names of the command. The older ones omit the word `sidecar`. */
export type ProgramName = 'tandem' | 'image-sidecar-rust' | 'sportball-sidecar-rust';

/** The package of the command. */
export interface PackageInfo {
  /** Its package.json. */
  readonly file: URL;
  version(): string;
}

/**
 * Runs one command line and sets the exit status. This module imports almost nothing, and no other module
 * imports code from it (a bundler would put the shared code into an additional file), so that `--version`
 * takes no longer than Node itself.
 *
 * @param program passed by the executable, because a link to it may have any name
 */
export async function main(
  program: ProgramName,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    // A closed pipe is not an error.
    process.stdout.on('error', () => undefined);
    process.stdout.write(`${program} ${PACKAGE.version()}\n`);
    return;
  }
  const { dispatch, tellDone } = await import('./dispatch.ts');
  process.exitCode = await dispatch(program, args, PACKAGE);
  tellDone(process.exitCode);
}

const PACKAGE: PackageInfo = {
  get file() {
    // One folder above src, dist and bundle alike.
    return new URL('../package.json', import.meta.url);
  },
  version() {
    return (JSON.parse(readFileSync(this.file, 'utf8')) as { version: string }).version;
  },
};
