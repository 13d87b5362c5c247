// The targets, and whether they were reached.

/** @param {number | null} value null where it could not be measured */
export function goal(what, value, target, unit) {
  return { what, value, target, unit, reached: value === null ? null : value <= target };
}

export function contestantOf(outcome, name) {
  return outcome.contestants.find((one) => one.name === name);
}

/** The median ratio to the base of the race, or null. */
export function ratioOf(outcome, name) {
  return contestantOf(outcome, name)?.ratio?.median ?? null;
}
