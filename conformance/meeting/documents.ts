import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { openSidecar } from '@tandem/sidecar';

/** A planted document: it is recognized by its number, whatever its form is by then. */
export interface Planted {
  readonly number: number;
  /** Raw path below the root, without an extension. */
  readonly stem: string;
  readonly hasImage: boolean;
}

/** Plants sidecars in folders, the same number in each, every third without an image. */
export function plantDocuments(root: string, folders: readonly string[], perFolder: number): Planted[] {
  const planted: Planted[] = [];
  for (const folder of folders) {
    mkdirSync(`${root}/${folder}`, { recursive: true });
    for (let n = 0; n < perFolder; n++) {
      const number = planted.length;
      const stem = `${folder}IMG_${number}`;
      const hasImage = n % 3 !== 0;
      if (hasImage) writeFileSync(`${root}/${stem}.jpg`, '');
      writeFileSync(`${root}/${stem}.json`, JSON.stringify(documentOf(number)));
      planted.push({ number, stem, hasImage });
    }
  }
  return planted;
}

function documentOf(number: number): object {
  return {
    sidecar_info: { operation_type: 'face_detection', created_at: '2026-01-01T00:00:00.000Z' },
    face_detection: {
      number,
      faces: Array.from({ length: 20 }, (_, at) => ({ at, score: number + at / 100 })),
    },
  };
}

/** A document that was found, with its content. */
export interface Found {
  readonly path: string;
  readonly says: Record<string, unknown>;
}

/**
 * Every document below a root by its number, including those in quarantine. An unreadable document has number
 * -1.
 */
export function findDocuments(root: string): Map<number, Found[]> {
  const found = new Map<number, Found[]>();
  for (const path of filesBelow(root)) {
    if (!/\.(json|bin|rkyv)$/.test(path) || /\/\.tandem-(?!quarantine)[^/]*$/.test(path)) continue;
    const says = readDocument(path);
    const number = (says['face_detection'] as { number?: number } | undefined)?.number ?? -1;
    found.set(number, [...(found.get(number) ?? []), { path, says }]);
  }
  return found;
}

/** Whether it has the planted content, apart from saves. */
export function isIntact({ says }: Found, number: number): boolean {
  const { face_detection } = documentOf(number) as Record<string, unknown>;
  return JSON.stringify(says['face_detection']) === JSON.stringify(face_detection);
}

function readDocument(path: string): Record<string, unknown> {
  try {
    return openSidecar(path).toJSON() as Record<string, unknown>;
  } catch {
    return {};
  }
}

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
