import { LIMITS } from '@tandem/engine';
import { isDigit, isLetter } from './read-time.ts';

const MASK = '<*>';
const DIGIT = /[0-9]/g;
const SPACES = /[ \t]+/;

/**
 * A message whose runs of letters, digits and `_.:-` with a digit are `<*>`: spec/infra/logs.md, "Template".
 */
export function masked(message: string): string {
  let text = '';
  let done = 0;
  DIGIT.lastIndex = 0;
  for (let found = DIGIT.exec(message); found !== null; found = DIGIT.exec(message)) {
    let from = found.index;
    while (from > done && isRun(message.charCodeAt(from - 1))) from--;
    let to = found.index + 1;
    let lastWord = to;
    while (to < message.length && isRun(message.charCodeAt(to))) {
      to++;
      if (isLetterOrDigit(message.charCodeAt(to - 1))) lastWord = to;
    }
    while (!isLetterOrDigit(message.charCodeAt(from))) from++;
    text += message.slice(done, from) + MASK;
    done = lastWord;
    DIGIT.lastIndex = to;
  }
  return text + message.slice(done);
}

/** The tokens of a masked message. */
export function tokensOf(text: string): string[] {
  const tokens = text.split(SPACES);
  if (tokens[0] === '') tokens.shift();
  if (tokens.at(-1) === '') tokens.pop();
  if (tokens.length > LIMITS.logTokens) tokens.splice(LIMITS.logTokens, Number.POSITIVE_INFINITY, '...');
  return tokens;
}

function isRun(c: number): boolean {
  return isLetterOrDigit(c) || c === 0x5f || c === 0x2e || c === 0x3a || c === 0x2d;
}

function isLetterOrDigit(c: number): boolean {
  return isDigit(c) || isLetter(c);
}
