// Passed and failed, from what vitest and cargo leave behind.
import { readFileSync } from 'node:fs';

/** A file that fails to import and a worker that dies are no failed test in vitest's report, so its exit counts too. */
export function vitestCounts(reportPath, status) {
  const report = readReport(reportPath);
  return counted(report?.numPassedTests ?? 0, report?.numFailedTests ?? 0, status);
}

/** One `test result` line for each test program; code that does not compile has none, so the exit counts too. */
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
