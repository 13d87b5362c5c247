import { TandemError } from '@tandem/engine';
import type { SeparatorStyle } from '../project/project-config.ts';

const BAR = '='.repeat(42);

/**
 * Separators as the pieces around a label; byte for byte those of confiture, except where confiture's are
 * wrong (docs/schema-compat.md).
 */
export interface Separator {
  readonly pieces: readonly string[];
  /** The label of a file, changed so that no name can end the comment that contains it. */
  label(path: string): string;
}

/** @throws {TandemError} ERR_TANDEM_CONFIG_VALUE for an invalid template */
export function separatorOf(style: SeparatorStyle, template: string | null = null): Separator {
  switch (style) {
    case 'block_comment':
      return { pieces: [`\n/* ${BAR}\n * File: `, `\n * ${BAR} */\n\n`], label: withinBlock };
    case 'line_comment':
      return { pieces: [`\n-- ${BAR}\n-- File: `, `\n-- ${BAR}\n\n`], label: onOneLine };
    case 'mysql':
      return { pieces: [`\n# ${BAR}\n# File: `, `\n# ${BAR}\n\n`], label: onOneLine };
    case 'custom': {
      const pieces = templatePieces(template ?? '');
      return { pieces, label: pieces.some((piece) => piece.includes('/*')) ? withinBlock : onOneLine };
    }
  }
}

/** The frame of confiture's hash: `label NUL content NUL`; the join writes the second NUL. */
export const HASH_FRAME: readonly string[] = ['', '\0'];

/** Python's str.format with `file_path` as the only field; doubled braces stand for literal ones. */
function templatePieces(template: string): string[] {
  const pieces = [''];
  const add = (text: string): void => {
    pieces[pieces.length - 1] += text;
  };
  add('\n');
  for (const [token] of template.matchAll(/\{\{|\}\}|\{file_path\}|[^{}]+|[{}]/g)) {
    if (token === '{file_path}') pieces.push('');
    else if (token === '{{' || token === '}}') add(token.charAt(0));
    else if (token === '{' || token === '}') throw badTemplate();
    else add(token);
  }
  add('\n');
  return pieces;
}

function badTemplate(): TandemError {
  return new TandemError('ERR_TANDEM_CONFIG_VALUE', {
    params: {
      key: 'build.separators.custom_template',
      problem: 'has an unmatched brace',
      cure: '{file_path} is the only field; write a literal brace twice',
    },
  });
}

/** Comments nest in PostgreSQL, so that a label may contain neither delimiter. */
function withinBlock(path: string): string {
  // Hardly any name contains one.
  if (!/[\n\r]|\/\*|\*\//.test(path)) return path;
  return onOneLine(path).replaceAll('/*', '/ *').replaceAll('*/', '* /');
}

/** Escapes what PostgreSQL treats as the end of a line; anything else stays inside its comment. */
function onOneLine(path: string): string {
  return path.replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}
