import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The URL of a module: its `import.meta.url`, or the file of its bundle if that is CommonJS, which has no
 * `import.meta`. Without either, as in evaluated code, it is a file of the working folder.
 */
export function moduleUrl(url: string | undefined): string {
  if (url !== undefined) return url;
  // Node declares this in CommonJS only, and this code is CommonJS only inside a bundle.
  const file = typeof __filename === 'string' ? __filename : join(process.cwd(), 'bundle.cjs');
  return pathToFileURL(file).href;
}
