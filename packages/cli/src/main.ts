import { readFileSync } from 'node:fs';

/** The names the command goes by. The older ones do without the word `sidecar`. */
export type ProgramName = 'tandem' | 'image-sidecar-rust' | 'sportball-sidecar-rust';

/**
 * Runs one command line and sets the exit status. It imports next to nothing, so that `--version` costs what Node costs.
 *
 * @param program told by the executable, because a link to it may have any name
 */
export async function main(
  program: ProgramName,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    // A reader that has left is no failure.
    process.stdout.on('error', () => undefined);
    process.stdout.write(`${program} ${version()}\n`);
    return;
  }
  const { dispatch } = await import('./dispatch.ts');
  process.exitCode = await dispatch(program, args);
}

/** The package.json of this package: one folder up from src, dist and bundle alike. */
export const PACKAGE_FILE: URL = new URL('../package.json', import.meta.url);

/** The version of this package. */
export function version(): string {
  const text = readFileSync(PACKAGE_FILE, 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
