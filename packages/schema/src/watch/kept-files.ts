import type { RunOptions, Selection } from '@tandem/engine';
import type { FileDefinition } from '../definitions/created-twice.ts';
import type { Finding } from '../finding.ts';
import { type JoinedFile, runJoin } from '../join/join-run.ts';
import type { Separator } from '../join/separator.ts';
import { needsOf } from '../order/needed-order.ts';
import type { SaidNeed } from '../order/read-needs.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { shownPath } from '../shown-path.ts';

/** What a build knows of one file until it changes. */
export interface KeptFile {
  readonly label: string;
  /** Its separator, content and end as the body has them. */
  readonly part: Buffer;
  readonly joined: JoinedFile;
  readonly findings: readonly Finding[];
  readonly needs: readonly SaidNeed[];
  readonly definitions: readonly FileDefinition[];
}

export interface KeepOptions extends RunOptions {
  readonly separator: Separator;
  readonly lex: boolean;
  /** Bytes of all files together. */
  readonly maxSize: number;
}

/** The files of a build, each read once until it changes. */
export class KeptFiles {
  readonly #files = new Map<string, KeptFile>();
  /** Another number when statements create other objects than before. */
  definitionsVersion = 0;

  /** What is kept of files that were read. */
  of(files: readonly SelectedFile[]): readonly KeptFile[] {
    return files.map(({ path }) => this.#files.get(path) as KeptFile);
  }

  clear(): void {
    this.#files.clear();
  }

  /** Those that have to be read, being new or other than they were. */
  unread(files: readonly SelectedFile[], changed: ReadonlySet<string>): readonly SelectedFile[] {
    return files.filter(({ path, label }) => changed.has(path) || this.#files.get(path)?.label !== label);
  }

  /** Forgets all others. */
  retain(files: readonly SelectedFile[]): void {
    if (this.#files.size === files.length) return;
    const paths = new Set(files.map(({ path }) => path));
    for (const path of this.#files.keys()) if (!paths.has(path)) this.#files.delete(path);
    this.definitionsVersion++;
  }

  /**
   * Reads these files. Their findings are kept with them; nothing is thrown for what is wrong in one.
   * @returns the engine that read them
   */
  async read(files: readonly SelectedFile[], options: KeepOptions): Promise<Selection> {
    const { separator, lex, maxSize, ...run } = options;
    const parts: Buffer[] = [];
    const wishes = { pieces: separator.pieces, text: true, lex, lines: true, definitions: lex, maxSize };
    const labelled = files.map((file) => ({ ...file, label: separator.label(file.label) }));
    const joined = await runJoin(labelled, wishes, run, (rows, told) => {
      // A copy: the engine writes the next rows over these.
      const kept = Buffer.from(rows);
      let at = 0;
      for (const { rows: length } of told) {
        parts.push(kept.subarray(at, at + length));
        at += length;
      }
    });
    const findings = groupBy(joined.findings, ({ path }) => path);
    const definitions = groupBy(joined.definitions, ({ file }) => file);
    const needy = new Set(joined.needs);
    for (const [index, file] of files.entries()) {
      const before = this.#files.get(file.path);
      const part = parts[index] as Buffer;
      const creates = definitions.get(index) ?? [];
      if (!isSame(before?.definitions, creates)) this.definitionsVersion++;
      this.#files.set(file.path, {
        label: file.label,
        // The same bytes stay the same part, so that nothing is written for them.
        part: before?.part.equals(part) ? before.part : part,
        joined: joined.files[index] as JoinedFile,
        findings: findings.size === 0 ? [] : (findings.get(shownPath(file.path)) ?? []),
        needs: needy.has(index) ? needsOf(file) : [],
        definitions: creates,
      });
    }
    return joined.selection;
  }
}

/** Wherever they stand. */
function isSame(before: readonly FileDefinition[] = [], after: readonly FileDefinition[]): boolean {
  const told = ({ how, kind, schema, name, detail }: FileDefinition): string =>
    JSON.stringify([how, kind, schema, name, detail]);
  return (
    before.length === after.length &&
    before.every((one, at) => told(one) === told(after[at] as FileDefinition))
  );
}

/** Map.groupBy, which Node 20 has not. */
function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
