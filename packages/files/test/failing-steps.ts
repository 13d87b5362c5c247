import type { FileStep, FileSteps } from '@tandem/files';
import { jobSteps } from '@tandem/job';

/** Steps of which some fail with an error of the system. */
export function failingWith(errno: string, fails: (step: FileStep) => boolean): FileSteps {
  return jobSteps((step) => {
    if (fails(step)) throw Object.assign(new Error(errno), { code: errno });
  });
}
