import { type Profiler, Session } from 'node:inspector';

const session = new Session();
session.connect();
post('Profiler.enable');
post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/**
 * The number of times that the blocks of the product's source are entered: a measure of work that no other
 * load of the machine changes. What V8 itself does, such as indexOf, is not counted.
 */
export function stepsOf(work: () => void): number {
  // Taking the counts resets them.
  takeCounts();
  work();
  return takeCounts()
    .filter(({ url }) => /\/packages\/\w+\/src\//.test(url))
    .flatMap(({ functions }) => functions)
    .flatMap(({ ranges }) => ranges)
    .reduce((sum, { count }) => sum + count, 0);
}

/**
 * The factor by which the steps grow when an input becomes twice as long. V8 may drop counts, so a growth that
 * is not linear is measured again: a defect shows each time.
 */
export function growth<T>(size: number, input: (size: number) => T, work: (input: T) => void): number {
  const steps = (of: number): number => {
    const made = input(of);
    return stepsOf(() => work(made));
  };
  let factor = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3 && factor >= LINEAR; tries++) {
    const once = steps(size);
    if (once === 0) throw new Error('no step was counted');
    factor = steps(2 * size) / Math.max(once, size / 8);
  }
  return factor;
}

/** At twice the size, a linear scan takes twice the steps; a quadratic one takes almost four times. */
export const LINEAR = 2.5;

function takeCounts(): readonly Profiler.ScriptCoverage[] {
  const { result } = post('Profiler.takePreciseCoverage') as Profiler.TakePreciseCoverageReturnType;
  return result;
}

/** The calls of this session return before post() does. */
function post(method: string, params?: object): unknown {
  let answer: unknown;
  session.post(method, params, (error, result) => {
    if (error !== null) throw error;
    answer = result;
  });
  return answer;
}
