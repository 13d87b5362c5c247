/** The values of keys in one JSON line, found in its text: spec/infra/logs.md, "Level". */
export class JsonLine {
  readonly #line: string;
  /** Where the last value that was found begins and ends in the line; without quotes. */
  start = 0;
  end = 0;
  isText = false;

  constructor(line: string) {
    this.#line = line;
  }

  /**
   * Finds the first of the keys whose value `accept` takes.
   * @param keys with their quotes
   */
  find(keys: readonly string[], accept: () => boolean): boolean {
    return keys.some((key) => this.#value(key) && accept());
  }

  #value(key: string): boolean {
    const line = this.#line;
    for (let at = line.indexOf(key); at >= 0; at = line.indexOf(key, at + 1)) {
      const colon = afterSpaces(line, at + key.length);
      if (line.charCodeAt(colon) !== 0x3a) continue;
      const value = afterSpaces(line, colon + 1);
      this.isText = line.charCodeAt(value) === 0x22;
      this.start = this.isText ? value + 1 : value;
      this.end = this.isText ? endOfText(line, value + 1) : line.length;
      return true;
    }
    return false;
  }
}

function afterSpaces(line: string, at: number): number {
  let to = at;
  while (line.charCodeAt(to) === 0x20) to++;
  return to;
}

function endOfText(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 1)) {
    if (line.charCodeAt(at - 1) !== 0x5c) return at;
  }
  return line.length;
}
