// Where an engine does not pay: few files, including the start of the process.

import { PROOFS, sidecar } from '../contestants.mjs';
import { corpus } from '../corpora.mjs';
import { race } from '../race.mjs';

const SIZES = [10, 100, 1000, 10_000];
const ROUNDS = 11;

export async function small(settings) {
  const works = [];
  for (const images of SIZES) {
    const { dir, files, label } = corpus(images);
    const contestants = ['typescript', 'native'].map((engine) => ({
      ...sidecar(engine, 'validate', dir),
      proof: PROOFS.validate,
    }));
    const rounds = Math.max(ROUNDS, settings.rounds);
    const outcome = await race(contestants, { ...settings, rounds, files, base: 'typescript' });
    works.push({ work: 'validate, few files', label, files, ...outcome, goals: [] });
  }
  return works;
}
