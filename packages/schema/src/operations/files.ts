import { basename, relative, resolve, sep } from 'node:path';
import { type RunOptions, TandemError } from '@tandem/engine';
import { rawPath, realPath } from '@tandem/files';
import { separatorOf } from '../join/separator.ts';
import type { SeparatorStyle } from '../project/project-config.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { type BuildResult, buildSelected } from './build.ts';
import { hashSelected } from './hash.ts';

/** Files without a project: in the order they are given in. */
export interface FilesOptions extends RunOptions {
  /** What the names in separators and hashes are relative to; the working folder unless given. */
  readonly base?: string;
  /** Bytes of all files together; 2 GiB unless given. */
  readonly maxSize?: number;
}

export interface BuildFilesOptions extends FilesOptions {
  /** The file to write; the bytes are given unless there is one. */
  readonly output?: string;
  /** Told in the header; 'local' unless given. */
  readonly env?: string;
  /** 'block_comment' unless given. */
  readonly separator?: SeparatorStyle;
  /** With the separator 'custom': text with {file_path} in it. */
  readonly template?: string;
  /** Refuse comments, quotes and COPY data that are left open; true unless given. */
  readonly lex?: boolean;
  /** Tables without their foreign keys, and these behind the last file; false unless given. */
  readonly twoPass?: boolean;
}

/** Builds one schema out of these files. Throws as SchemaBuilder.build does, also where the output is one of the files. */
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

/** Only those that have its name are looked at: a look at each takes longer than reading it. */
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
