import { isTerminal } from './streams.ts';

const IN_A_PIPE = 80;
const NARROWEST = 60;
const WIDEST = 120;

/** The number of columns for wrapped text: that of the terminal, within limits. */
export function textWidth(descriptor: 1 | 2): number {
  const stream = descriptor === 1 ? process.stdout : process.stderr;
  const columns = isTerminal(descriptor) ? stream.columns || IN_A_PIPE : IN_A_PIPE;
  return Math.min(WIDEST, Math.max(NARROWEST, columns));
}
