import { basename, relative, resolve, sep } from 'node:path';
import { type RunOptions, TandemError } from '@tandem/engine';
import { rawPath, realPath } from '@tandem/files';
import { separatorOf } from '../join/separator.ts';
import type { SeparatorStyle } from '../project/project-config.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { type BuildResult, buildSelected } from './build.ts';
import { hashSelected } from './hash.ts';

/** Files without a project, in the order given. */
export interface FilesOptions extends RunOptions {
  /** The folder that names in separators and hashes are relative to; default: the working folder. */
  readonly base?: string;
  /** Maximum size of all files together, in bytes; default 2 GiB. */
  readonly maxSize?: number;
}

export interface BuildFilesOptions extends FilesOptions {
  /** The file to write; if omitted, the bytes are returned. */
  readonly output?: string;
  /** Named in the header; default 'local'. */
  readonly env?: string;
  /** Default 'block_comment'. */
  readonly separator?: SeparatorStyle;
  /** For the separator 'custom': text that contains {file_path}. */
  readonly template?: string;
  /** Reject comments, quotes and COPY data that are left open; default true. */
  readonly lex?: boolean;
  /** Write tables without their foreign keys, and the keys after the last file; default false. */
  readonly twoPass?: boolean;
}

/**
 * Builds one schema out of these files. Throws as SchemaBuilder.build does, and also if the output is one of
 * the files.
 */
export async function buildSchema(
  files: readonly string[],
  options: BuildFilesOptions = {},
): Promise<BuildResult> {
  const {
    output,
    env = 'local',
    separator = 'block_comment',
    template = null,
    lex = true,
    twoPass = false,
  } = options;
  if (output !== undefined && isOneOf(output, files)) {
    throw new TandemError('ERR_TANDEM_OUTPUT_IS_INPUT', { path: output });
  }
  const request = {
    files: selected(files, options.base),
    output: output === undefined ? null : rawPath(resolve(output)),
    env,
    separator: separatorOf(separator, template),
    lex,
    twoPass,
    sourceMap: false,
  };
  return buildSelected(request, options);
}

/** The hash of confiture 1.29 over these files, in hex. */
export async function hashFiles(files: readonly string[], options: FilesOptions = {}): Promise<string> {
  return hashSelected(selected(files, options.base), options);
}

/** Resolves only files whose path ends with the name: resolving the path of each file takes longer than reading it. */
function isOneOf(output: string, files: readonly string[]): boolean {
  const name = basename(output);
  const real = (file: string): string => realPath(rawPath(resolve(file)));
  return files.some((file) => file.endsWith(name) && real(file) === real(output));
}

function selected(files: readonly string[], base = '.'): SelectedFile[] {
  const prefix = base.endsWith(sep) ? base : `${base}${sep}`;
  // relative() takes longer than reading the file.
  const below = (file: string): string =>
    file.startsWith(prefix) ? file.slice(prefix.length) : relative(base, file);
  return files.map((file) => ({
    path: rawPath(file),
    label: sep === '/' ? below(file) : below(file).split(sep).join('/'),
    entry: base,
    order: 0,
    pattern: '',
    isSeed: false,
    phase: 'app',
  }));
}
