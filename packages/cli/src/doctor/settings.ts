import type { EngineHost } from '@tandem/engine';
import { nearest } from '@tandem/engine';
import type { NativeAddon } from '@tandem/native';
import { errorLine } from '../terminal/report-error.ts';
import { type Check, problem } from './check.ts';

/** Every variable that Tandem reads. An older name maps to the variable that overrides it. */
const VARIABLES: Readonly<Record<string, string | null>> = {
  TANDEM_ENGINE: null,
  TANDEM_NATIVE_PATH: null,
  TANDEM_WORKERS: null,
  TANDEM_TIMEOUT: null,
  TANDEM_WITHOUT_CARGO: null,
  SPORTBALL_RUST_BINARY_PATH: 'TANDEM_NATIVE_PATH',
  SPORTBALL_RUST_WORKERS: 'TANDEM_WORKERS',
  SPORTBALL_RUST_TIMEOUT: 'TANDEM_TIMEOUT',
};

/** Checks the environment variables and the calibration file. */
export function settingChecks(host: EngineHost<NativeAddon>, env: NodeJS.ProcessEnv): Check[] {
  return [workersCheck(host), timeoutCheck(env), ...variableChecks(env), calibrationCheck(host)];
}

function workersCheck(host: EngineHost<NativeAddon>): Check {
  try {
    return { name: 'workers', state: 'ok', text: `${host.performanceInfo().workers}` };
  } catch (error) {
    return problem('workers', errorLine(error));
  }
}

/** Does not validate the value: the trial run reports an invalid one. */
function timeoutCheck(env: NodeJS.ProcessEnv): Check {
  const seconds = env['TANDEM_TIMEOUT']?.trim() || env['SPORTBALL_RUST_TIMEOUT']?.trim();
  return { name: 'timeout', state: 'ok', text: seconds ? `${seconds} s for a whole run` : 'none' };
}

function variableChecks(env: NodeJS.ProcessEnv): Check[] {
  const set = Object.keys(env).filter((name) => /^(TANDEM|SPORTBALL)_/.test(name) && env[name] !== '');
  if (set.length === 0)
    return [{ name: 'variables', state: 'ok', text: 'no TANDEM_ or SPORTBALL_ variable is set' }];
  return set.sort().map((name): Check => {
    const text = `${name}=${env[name]}`;
    if (!Object.hasOwn(VARIABLES, name)) {
      const meant = nearest(name, Object.keys(VARIABLES));
      const cure = meant === undefined ? {} : { cure: `did you mean ${meant}?` };
      return { name: 'variables', state: 'note', text: `${text} is unknown and has no effect`, ...cure };
    }
    const before = VARIABLES[name];
    if (before && env[before]) {
      return { name: 'variables', state: 'note', text: `${text} has no effect, because ${before} is set` };
    }
    return { name: 'variables', state: 'ok', text };
  });
}

function calibrationCheck(host: EngineHost<NativeAddon>): Check {
  const name = 'calibration';
  try {
    const { file, state, reason } = host.performanceInfo().calibration;
    if (state === 'ignored') {
      const cure = "remove it, or run 'tandem bench --calibrate'";
      return { name, state: 'note', text: `${file} is ignored: ${reason}`, cure };
    }
    if (state === 'read') return { name, state: 'ok', text: `${file}` };
    return {
      name,
      state: 'ok',
      text: `none${file === null ? '' : ` (${file})`}, so the documented defaults apply`,
    };
  } catch {
    // The workers and engine checks report the invalid setting.
    return { name, state: 'note', text: 'not checked, because a setting above is wrong' };
  }
}
