import { join } from 'node:path';
import { SchemaFile } from '../output/schema-file.ts';
import type { Phase } from '../selection/selected-file.ts';
import { shownPath } from '../shown-path.ts';
import { type BuildOptions, type BuildRequest, type BuildResult, prepareBuild } from './build.ts';
import { orderSelected } from './order.ts';

/** One of the three files of a split build. */
export interface SplitPart extends Pick<BuildResult, 'files' | 'bytes' | 'findings'> {
  readonly phase: Phase;
  /** The path as shown to users. */
  readonly output: string;
}

const PHASES: readonly Phase[] = ['superuser_pre', 'app', 'superuser_post'];

/** The raw path of the file of one phase. */
function partPlace(folder: string, env: string, phase: Phase): string {
  return join(folder, `schema_${env}_${phase}.sql`);
}

/** The raw paths of the three files. */
export function splitPlaces(folder: string, env: string): string[] {
  return PHASES.map((phase) => partPlace(folder, env, phase));
}

/**
 * Builds `schema_ENV_superuser_pre.sql`, `_app.sql` and `_superuser_post.sql` as confiture's build_split
 * does: the files of each phase in build order; a superuser phase without files produces an empty file. All
 * three files are complete and durable before the first is moved to its final name. They are moved in that
 * order, so that a kill between two moves leaves each file whole, and the earlier ones new.
 * @param folder raw path
 */
export async function buildSplit(
  request: Omit<BuildRequest, 'output'>,
  folder: string,
  options: BuildOptions = {},
): Promise<SplitPart[]> {
  const ordered = await orderSelected(request.files, options);
  const parts: PreparedPart[] = [];
  try {
    for (const phase of PHASES) {
      const files = ordered.filter((file) => file.phase === phase);
      const output = partPlace(folder, request.env, phase);
      // As in confiture, tables in a superuser phase keep their foreign keys.
      const twoPass = request.twoPass && phase === 'app';
      const part =
        files.length === 0 && phase !== 'app'
          ? emptyPart(output, options)
          : await prepareBuild({ ...request, files, output, twoPass, isOrdered: true }, options);
      parts.push({ phase, output: shownPath(output), ...part });
    }
    for (const part of parts) part.settle();
    return parts.map(({ phase, output, finish }) => {
      const { files, bytes, findings } = finish();
      return { phase, output, files, bytes, findings };
    });
  } finally {
    // In reverse, because the folder was created for the first part.
    for (const part of parts.toReversed()) part.discard();
  }
}

interface PreparedPart extends Pick<SplitPart, 'phase' | 'output'> {
  settle(): void;
  finish(): Pick<SplitPart, 'files' | 'bytes' | 'findings'>;
  discard(): void;
}

function emptyPart(output: string, { durability }: BuildOptions): Omit<PreparedPart, 'phase' | 'output'> {
  const file = new SchemaFile(output, 0, durability === 'none');
  return {
    settle: () => file.settle(Buffer.alloc(0)),
    finish: () => {
      file.finish();
      return { files: 0, bytes: 0, findings: [] };
    },
    discard: () => file.discard(),
  };
}
