/** The number of lines that end in a text. */
export function lineCount(text: string): number {
  return text.split('\n').length - 1;
}
