import { existsSync } from 'node:fs';

/**
 * The file of a worker: `./name.js` (in dist) or `./name.cjs` (in a bundle) beside the module, else `../dist/name.js` (the
 * module is a source file under a test runner, and Node 20 cannot start a worker from TypeScript). The module that calls it
 * stands at the top of its package's src. Worker names are unique over all packages, because a bundle's folder is flat.
 *
 * @param name without extension, such as 'sidecar-worker'
 * @param moduleUrl `import.meta.url` of the caller
 */
export function workerFile(name: string, moduleUrl: string): URL {
  const beside = ['.js', '.cjs'].map((extension) => new URL(`./${name}${extension}`, moduleUrl));
  return beside.find((file) => existsSync(file)) ?? new URL(`../dist/${name}.js`, moduleUrl);
}
