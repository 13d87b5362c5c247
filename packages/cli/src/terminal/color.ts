import { styleText } from 'node:util';
import { isTerminal } from './streams.ts';

export type ColorChoice = 'auto' | 'always' | 'never';
export type Style = Parameters<typeof styleText>[0];

let choice: ColorChoice = 'auto';

/** Sets what --color asks for; one command line has one. */
export function chooseColor(chosen: ColorChoice): void {
  choice = chosen;
}

/**
 * Whether text for this descriptor is colored. `--color` decides, then FORCE_COLOR, then NO_COLOR (https://no-color.org), then whether
 * it is a terminal: the order of Node's own getColorDepth().
 */
export function isColored(
  descriptor: 1 | 2,
  env: NodeJS.ProcessEnv = process.env,
  isSeen: boolean = isTerminal(descriptor),
): boolean {
  if (choice !== 'auto') return choice === 'always';
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR']) return false;
  return isSeen && env['TERM'] !== 'dumb';
}

/** The text, styled if its descriptor takes colors. */
export function styled(descriptor: 1 | 2, style: Style, text: string): string {
  // The choice is made above; styleText would look at stdout, and only from Node 20.18 on.
  return isColored(descriptor) && text !== '' ? styleText(style, text, { validateStream: false }) : text;
}
