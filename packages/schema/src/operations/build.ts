import { LIMITS, type RunOptions, type Selection } from '@tandem/engine';
import type { Finding } from '../finding.ts';
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

/** What a build makes of selected files. */
export interface BuildRequest {
  readonly files: readonly SelectedFile[];
  /** Raw path of the file to write; null to give the bytes. */
  readonly output: string | null;
  readonly env: string;
  readonly separator: Separator;
  /** Look into the SQL, and refuse what would swallow the next file. */
  readonly lex: boolean;
  /** Tables first, and behind the last file their foreign keys; with it the SQL is always looked into. */
  readonly twoPass: boolean;
  readonly sourceMap: boolean;
  /** The files are in their order already: what they require was looked at. */
  readonly isOrdered?: boolean;
}

export interface BuildOptions extends RunOptions {
  /** Bytes of all files together; 2 GiB unless given. */
  readonly maxSize?: number;
  /** 'none' leaves out the syncs: a power failure may then take the file; 'full' unless given. */
  readonly durability?: 'full' | 'none';
}

/** What was built. */
export interface BuildResult {
  /** The file, as it is shown; null where the bytes were asked for. */
  readonly output: string | null;
  /** With `output` null: header and body, in parts; Buffer.concat makes one of them. */
  readonly schema: readonly Buffer[] | null;
  readonly files: number;
  /** Header and body together. */
  readonly bytes: number;
  readonly bodySha256: string;
  /** unchanged: the file had these bytes already and was not touched; given: no file was asked for. */
  readonly status: 'written' | 'unchanged' | 'given';
  /** Where its lines come from, where that was asked for. */
  readonly map: SourceMap | null;
  /** Warnings; an error is thrown. */
  readonly findings: readonly Finding[];
  /** The engine that read the files. */
  readonly selection: Selection;
  /** That reading and joining took. */
  readonly seconds: number;
}

const NO_HASH = '0'.repeat(64);

/**
 * Builds one file out of many. Nothing is in its place before all of it is right: an existing output stays as it was.
 * @throws {TandemError} the first error in the files, with its file, line and column; ERR_TANDEM_TOO_MUCH_INPUT;
 *   ERR_TANDEM_OUTPUT_UNWRITABLE, ERR_TANDEM_NO_SPACE; and what EngineHost.stream throws
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

/** A build that is right and not in its place yet. */
export interface PreparedBuild {
  /** Makes it durable beside its place. */
  settle(): void;
  /** Puts it there; after settle. */
  finish(): BuildResult;
  /** Takes back what was not finished. */
  discard(): void;
}

/** As buildSelected, up to the moment when the file would take its place. */
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
    // Nearly no project says what it requires, so that is found out while joining, and joined once more where it matters.
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
