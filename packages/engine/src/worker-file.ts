import { existsSync } from 'node:fs';

/**
 * The file of a worker: `./name.js` beside the module (in dist, or in a bundle), else `../dist/name.js` (the module is
 * a source file under a test runner, and Node 20 cannot start a worker from TypeScript). The module that calls it
 * stands at the top of its package's src. Worker names are unique over all packages, because a bundle's folder is flat.
 *
 * @param name without extension, such as 'sidecar-worker'
 * @param moduleUrl `import.meta.url` of the caller
 */
export function workerFile(name: string, moduleUrl: string): URL {
  const beside = new URL(`./${name}.js`, moduleUrl);
  return existsSync(beside) ? beside : new URL(`../dist/${name}.js`, moduleUrl);
}
