import { LIMITS, type RunOptions } from '@tandem/engine';
import { shownText } from '@tandem/files';
import { type Finding, throwFirst } from '../finding.ts';
import { runJoin } from '../join/join-run.ts';
import type { Separator } from '../join/separator.ts';
import { schemaHeader } from '../output/header.ts';
import { MemorySink } from '../output/memory-sink.ts';
import { SchemaFile } from '../output/schema-file.ts';
import type { SelectedFile } from '../selection/selected-file.ts';

/** What a build makes of selected files. */
export interface BuildRequest {
  readonly files: readonly SelectedFile[];
  /** Raw path of the file to write; null to give the bytes. */
  readonly output: string | null;
  readonly env: string;
  readonly separator: Separator;
  /** Look into the SQL, and refuse what would swallow the next file. */
  readonly lex: boolean;
}

export interface BuildOptions extends RunOptions {
  /** Bytes of all files together; 2 GiB unless given. */
  readonly maxSize?: number;
}

/** What was built. */
export interface BuildResult {
  /** The file, as it is shown; null where the bytes were asked for. */
  readonly output: string | null;
  /** With `output` null: header and body. */
  readonly schema: Buffer | null;
  readonly files: number;
  /** Header and body together. */
  readonly bytes: number;
  readonly bodySha256: string;
  /** unchanged: the file had these bytes already and was not touched; given: no file was asked for. */
  readonly status: 'written' | 'unchanged' | 'given';
  /** Warnings; an error is thrown. */
  readonly findings: readonly Finding[];
}

const NO_HASH = '0'.repeat(64);

/**
 * Builds one file out of many. Nothing is in its place before all of it is right: an existing output stays as it was.
 * @throws {TandemError} the first error in the files, with its file, line and column; ERR_TANDEM_TOO_MUCH_INPUT;
 *   ERR_TANDEM_UNWRITABLE, ERR_TANDEM_NO_SPACE; and what EngineHost.stream throws
 */
export async function buildSelected(request: BuildRequest, options: BuildOptions = {}): Promise<BuildResult> {
  const { files, env, separator, lex } = request;
  const header = (bodySha256: string): Buffer =>
    Buffer.from(schemaHeader({ env, bodySha256, files: files.length }));
  const sink =
    request.output === null ? new MemorySink() : new SchemaFile(request.output, header(NO_HASH).length);
  const wishes = {
    pieces: separator.pieces,
    text: true,
    lex,
    digests: false,
    maxSize: options.maxSize ?? LIMITS.maxSchemaSize,
  };
  try {
    const { findings } = await runJoin(labelled(files, separator), wishes, options, (bytes) =>
      sink.append(bytes),
    );
    throwFirst(findings);
    const bodySha256 = sink.bodySha256();
    const status = sink.finish(header(bodySha256));
    return {
      output: request.output === null ? null : shownText(request.output),
      schema: sink instanceof MemorySink ? sink.schema : null,
      files: files.length,
      bytes: sink.length,
      bodySha256,
      status,
      findings,
    };
  } finally {
    sink.discard();
  }
}

function labelled(files: readonly SelectedFile[], separator: Separator): readonly SelectedFile[] {
  return files.map((file) => {
    const label = separator.label(file.label);
    return label === file.label ? file : { ...file, label };
  });
}
