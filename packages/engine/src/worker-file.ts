import { existsSync } from 'node:fs';
import { moduleUrl } from './module-url.ts';

/**
 * The file of a worker: `./name.js` (in dist), `./name.cjs` or `./name.mjs` (in a bundle) beside the module,
 * else `../dist/name.js` (if the module is a source file under a test runner; Node 20 cannot start a worker
 * from TypeScript). The calling module must be at the top of its package's src. Worker names are unique over
 * all packages, because a bundle's folder is flat.
 *
 * @param name without extension, such as 'sidecar-worker'
 * @param url `import.meta.url` of the caller, which is undefined in a bundle of CommonJS
 */
export function workerFile(name: string, url: string | undefined): URL {
  const from = moduleUrl(url);
  const beside = ['.js', '.cjs', '.mjs'].map((extension) => new URL(`./${name}${extension}`, from));
  return beside.find((file) => existsSync(file)) ?? new URL(`../dist/${name}.js`, from);
}
