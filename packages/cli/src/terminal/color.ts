import { styleText } from 'node:util';
import { isTerminal } from './streams.ts';

export type ColorChoice = 'auto' | 'always' | 'never';
export type Style = Parameters<typeof styleText>[0];

let choice: ColorChoice = 'auto';

/** Sets the value of --color. There is only one per command line. */
export function chooseColor(chosen: ColorChoice): void {
  choice = chosen;
}

/**
 * Whether text for this descriptor is colored. `--color` takes precedence, then FORCE_COLOR, then NO_COLOR
 * (https://no-color.org), then whether the descriptor is a terminal: the order of Node's own getColorDepth().
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

/** Returns the text, styled if text for its descriptor is colored. */
export function styled(descriptor: 1 | 2, style: Style, text: string): string {
  // isColored() makes the choice. styleText would check stdout, and only since Node 20.18.
  return isColored(descriptor) && text !== '' ? styleText(style, text, { validateStream: false }) : text;
}
