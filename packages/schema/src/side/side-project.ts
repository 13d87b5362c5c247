import { LaidOutRevision } from '../revision/laid-out-revision.ts';
import type { ProjectSide } from './schema-side.ts';

/** The folder of a project that is being compared. */
export interface SideProject {
  readonly projectDir: string;
  /** A text that names its files, as shown to users. */
  shown(text: string): string;
}

/** Where revisions are looked up, and the signal that ends the run. */
export interface SideContext {
  /** The project in the work tree. */
  readonly projectDir: string;
  readonly env: string;
  readonly signal: AbortSignal;
}

/**
 * Runs work on a project. The project of a revision is checked out for it, and removed afterwards.
 * @throws {TandemError} what LaidOutRevision.of throws, and what the work throws
 */
export async function withProject<T>(
  side: ProjectSide,
  { projectDir, env, signal }: SideContext,
  work: (project: SideProject) => Promise<T>,
): Promise<T> {
  if ('dir' in side) return work({ projectDir: side.dir, shown: (text) => text });
  const laidOut = await LaidOutRevision.of(projectDir, env, side.revision, signal);
  try {
    return await work(laidOut);
  } catch (error) {
    throw laidOut.told(error);
  } finally {
    laidOut.remove();
  }
}
