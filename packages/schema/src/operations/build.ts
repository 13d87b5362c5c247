import { LIMITS, type RunOptions, type Selection } from '@tandem/engine';
import type { Finding } from '@tandem/job';
import type { Separator } from '../join/separator.ts';
import { neededOrder } from '../order/needed-order.ts';
import { schemaHeader } from '../output/header.ts';
import { MemorySink } from '../output/memory-sink.ts';
import { SchemaFile } from '../output/schema-file.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { shownPath } from '../shown-path.ts';
import { lineCount } from '../source-map/line-count.ts';
import { type SourceMap, sourceMapOf } from '../source-map/source-map.ts';
import { type JoinedBody, joinBody } from './joined-body.ts';

/** How selected files are built. */
export interface BuildRequest {
  readonly files: readonly SelectedFile[];
  /** Raw path of the file to write; null to return the bytes. */
  readonly output: string | null;
  readonly env: string;
  readonly separator: Separator;
  /** Inspect the SQL, and reject a file with an open construct that would swallow the next file. */
  readonly lex: boolean;
  /** Tables first, and their foreign keys after the last file. This always inspects the SQL. */
  readonly twoPass: boolean;
  readonly sourceMap: boolean;
  /** Whether the files are already in order, with their required files taken into account. */
  readonly isOrdered?: boolean;
}

export interface BuildOptions extends RunOptions {
  /** Maximum size of all files together, in bytes; default 2 GiB. */
  readonly maxSize?: number;
  /** 'none' skips the syncs, so that a power failure may destroy the file; default 'full'. */
  readonly durability?: 'full' | 'none';
}

/** The result of a build. */
export interface BuildResult {
  /** The path of the output as shown to users; null if the bytes were requested. */
  readonly output: string | null;
  /** If `output` is null: header and body, in parts; Buffer.concat joins them. */
  readonly schema: readonly Buffer[] | null;
  readonly files: number;
  /** Header and body together. */
  readonly bytes: number;
  readonly bodySha256: string;
  /** unchanged: the file already had these bytes and was not touched; given: no file was requested. */
  readonly status: 'written' | 'unchanged' | 'given';
  /** The origin of each line, if it was requested. */
  readonly map: SourceMap | null;
  /** Warnings; an error is thrown. */
  readonly findings: readonly Finding[];
  /** The engine that read the files. */
  readonly selection: Selection;
  /** The time that reading and joining took. */
  readonly seconds: number;
}

const NO_HASH = '0'.repeat(64);

/**
 * Builds one file out of many. The output is replaced only after the whole build has succeeded; until then an
 * existing output is unchanged.
 * @throws {TandemError} the first error in the files, with its file, line and column;
 *   ERR_TANDEM_TOO_MUCH_INPUT; ERR_TANDEM_OUTPUT_UNWRITABLE, ERR_TANDEM_NO_SPACE; and what EngineHost.stream
 *   throws
 */
export async function buildSelected(request: BuildRequest, options: BuildOptions = {}): Promise<BuildResult> {
  const build = await prepareBuild(request, options);
  try {
    build.settle();
    return build.finish();
  } finally {
    build.discard();
  }
}

type Sink = MemorySink | SchemaFile;

/** A build that has succeeded but has not replaced its output yet. */
export interface PreparedBuild {
  /** Makes the file durable under a temporary name in the same folder. */
  settle(): void;
  /** Moves the file to its final name; after settle(). */
  finish(): BuildResult;
  /** Removes whatever was not finished. */
  discard(): void;
}

/** Like buildSelected, but stops before the file replaces its output. */
export async function prepareBuild(
  request: BuildRequest,
  options: BuildOptions = {},
): Promise<PreparedBuild> {
  const { env, separator, lex, output } = request;
  const count = request.files.length;
  const header = (bodySha256: string): Buffer => Buffer.from(schemaHeader({ env, bodySha256, files: count }));
  const newSink = (): Sink =>
    output === null
      ? new MemorySink()
      : new SchemaFile(output, header(NO_HASH).length, options.durability === 'none');
  const wishes = {
    pieces: separator.pieces,
    text: true,
    lex: lex || request.twoPass,
    lines: request.sourceMap,
    maxSize: options.maxSize ?? LIMITS.maxSchemaSize,
  };
  let { files } = request;
  let sink = newSink();
  let body: JoinedBody;
  const join = (): Promise<JoinedBody> =>
    joinBody(files, request, wishes, options, (bytes) => sink.append(bytes));
  try {
    body = await join();
    // Hardly any project declares required files. The join therefore reports them, and is repeated only if
    // they change the order.
    const ordered = request.isOrdered ? null : neededOrder(files, body.joined.needs);
    if (ordered !== null) {
      files = ordered;
      sink.discard();
      sink = newSink();
      body = await join();
    }
  } catch (error) {
    sink.discard();
    throw error;
  }
  const bodySha256 = sink.bodySha256();
  const top = header(bodySha256);
  const finish = (): BuildResult => {
    const { joined, passes } = body;
    const status = sink.finish();
    return {
      output: output === null ? null : shownPath(output),
      schema: sink instanceof MemorySink ? sink.schema : null,
      files: count,
      bytes: sink.length,
      bodySha256,
      status,
      map: request.sourceMap
        ? sourceMapOf({
            bodySha256,
            headerLines: lineCount(top.toString()),
            separatorLines: lineCount(separator.pieces.join('')),
            files,
            joined: joined.files,
            passes,
          })
        : null,
      findings: joined.findings,
      selection: joined.selection,
      seconds: joined.seconds,
    };
  };
  return { settle: () => sink.settle(top), finish, discard: () => sink.discard() };
}
