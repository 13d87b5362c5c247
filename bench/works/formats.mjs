// The same documents in each format: whether a format pays where whole files are read.
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { PROOFS, sidecar } from '../contestants.mjs';
import { copyAnew, made } from '../corpora.mjs';
import { race } from '../race.mjs';

const FORMATS = ['bin', 'rkyv'];

/** @returns {Promise<object[]>} a race for each report and engine; its base is json */
export async function formats(place, settings) {
  const folders = [['json', place.dir], ...FORMATS.map((format) => [format, converted(place, format)])];
  const works = [];
  for (const report of ['validate', 'stats']) {
    for (const engine of ['native', 'typescript']) {
      const contestants = folders.map(([format, dir]) => ({
        ...sidecar(engine, report, dir),
        name: format,
        proof: PROOFS[report],
      }));
      const outcome = await race(contestants, { ...settings, files: place.files, base: 'json' });
      works.push({
        work: `${report} by format, ${engine}`,
        label: place.label,
        files: place.files,
        ...outcome,
        goals: [],
      });
    }
  }
  return works;
}

/** Converted by Tandem itself, so this work runs only where convert does. */
function converted(place, format) {
  const dir = join(dirname(place.dir), `${format}-${place.files}`);
  made(dir, () => {
    copyAnew(place.dir, dir);
    const [program, ...args] = sidecar(
      'typescript',
      'convert',
      dir,
      '--format',
      format,
      '--durability',
      'none',
    ).command;
    execFileSync(program, args, { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 30 });
    return { files: place.files };
  });
  return dir;
}
