import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Where a module stands: its `import.meta.url`, or the file of the bundle that it was put into, where that is CommonJS and knows no
 * `import.meta`. Without either, as in code that is evaluated, it is a file of the working folder.
 */
export function moduleUrl(url: string | undefined): string {
  if (url !== undefined) return url;
  // Declared by Node in CommonJS only, and this code is CommonJS only where somebody has bundled it.
  const file = typeof __filename === 'string' ? __filename : join(process.cwd(), 'bundle.cjs');
  return pathToFileURL(file).href;
}
