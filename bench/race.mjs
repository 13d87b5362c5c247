// A race: runs the contestants in turn, round after round, so that disturbances of the machine affect all of
// them.
import { isDisturbed, measure, waitForQuiet } from './clock.mjs';

/** The most attempts for a disturbed run; after that the least disturbed one counts. */
const ATTEMPTS = 4;

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {string[]} [command]
 * @property {string} [absent] why it cannot take part
 * @property {() => void} [prepare] runs before each run, outside the measured time
 * @property {RegExp} [proof] finds the number of processed files in the output
 *
 * @param {Contestant[]} contestants
 * @param {object} options
 * @param {number} options.rounds
 * @param {number} [options.files] the number of files that each must process
 * @param {string} options.base the contestant to which the ratios are taken
 * @param {number} options.patience seconds to wait for a quiet machine before a round
 * @param {boolean} [options.writes] the kernel writes back for a run, so the load from others means nothing
 * @param {(line: string) => void} options.say
 */
export async function race(contestants, options) {
  const { rounds, base, patience, writes = false, say } = options;
  const present = [];
  const absent = [];
  let repeated = 0;
  for (const contestant of contestants) {
    const reason = contestant.absent ?? (await warmUp(contestant, options));
    if (reason === null) {
      present.push({ contestant, samples: [] });
    } else {
      absent.push({ name: contestant.name, reason });
      say(`  ${contestant.name} is left out: ${reason}`);
    }
  }
  for (let round = 0; round < rounds; round++) {
    await waitForQuiet(patience);
    for (const { contestant, samples } of present) {
      const { sample, attempts } = await oneRun(contestant, writes ? 1 : ATTEMPTS);
      repeated += attempts - 1;
      samples.push(sample);
    }
  }
  const baseSamples = present.find(({ contestant }) => contestant.name === base)?.samples;
  return {
    base,
    rounds,
    repeated,
    contestants: present.map(({ contestant, samples }) => told(contestant.name, samples, baseSamples)),
    absent,
  };
}

/** The first run, which is not measured. @returns null, or why the contestant cannot take part */
async function warmUp({ command, prepare, proof }, { files }) {
  prepare?.();
  const { status, tail, stderr } = await measure(command).catch((error) => ({ status: error.message }));
  if (status !== 0) {
    return `it ended with ${status}${stderr ? `: ${stderr.split('\n').at(-1)}` : ''}`;
  }
  if (proof === undefined) {
    return null;
  }
  const done = Number(proof.exec(tail)?.[1].replaceAll(',', ''));
  return done === files ? null : `it did ${done} files of ${files}`;
}

async function oneRun({ command, prepare }, attempts) {
  let best = null;
  for (let attempt = 1; ; attempt++) {
    prepare?.();
    const sample = await measure(command);
    if (best === null || sample.others < best.others) {
      best = sample;
    }
    if (!isDisturbed(sample) || attempt === attempts) {
      return { sample: isDisturbed(sample) ? best : sample, attempts: attempt };
    }
  }
}

/** The ratio is the median of the ratios of each round, not the ratio of the medians. */
function told(name, samples, baseSamples) {
  const spread = (value) => spreadOf(samples.map(value));
  const ratios = baseSamples === undefined ? [] : samples.map((one, at) => one.wall / baseSamples[at].wall);
  return {
    name,
    wall: spread((one) => one.wall),
    cpu: spread((one) => one.user + one.sys),
    memory: spread((one) => one.memory),
    others: samples[0].others === null ? null : spread((one) => one.others),
    ratio: ratios.length === 0 ? null : spreadOf(ratios),
  };
}

export function spreadOf(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const median =
    sorted.length % 2 === 0 ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
  return { median, min: sorted[0], max: sorted.at(-1) };
}
