// Passed and failed tests, from the output of vitest and cargo.
import { readFileSync } from 'node:fs';

/**
 * vitest does not report a file that fails to import or a worker that dies as a failed test, so its exit
 * status counts too.
 */
export function vitestCounts(reportPath, status) {
  const report = readReport(reportPath);
  return counted(report?.numPassedTests ?? 0, report?.numFailedTests ?? 0, status);
}

/**
 * One `test result` line per test program; code that does not compile has none, so the exit status counts
 * too.
 */
export function cargoCounts(stdout, status) {
  let passed = 0;
  let failed = 0;
  for (const [, ok, bad] of stdout.matchAll(/^test result: .*? (\d+) passed; (\d+) failed/gm)) {
    passed += Number(ok);
    failed += Number(bad);
  }
  return counted(passed, failed, status);
}

function counted(passed, failed, status) {
  return { passed, failed: Math.max(failed, status === 0 ? 0 : 1) };
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
