import { fileURLToPath } from 'node:url';
import { causeChain, type EngineHost, type Selection, TandemError } from '@tandem/engine';
import type { NativeAddon } from '@tandem/native';
import { validate } from '@tandem/sidecar/validate';
import { errorLine } from '../terminal/report-error.ts';
import { type Check, problem } from './check.ts';

/** Checks the addon, the selected engine, and a run on that engine. */
export async function engineChecks(host: EngineHost<NativeAddon>, packageFile: URL): Promise<Check[]> {
  return [addonCheck(host), engineCheck(host), await trialCheck(packageFile)];
}

/** Lists every place where an addon may be, and why that addon is used or not. */
function addonCheck(host: EngineHost<NativeAddon>): Check {
  const { abi } = host.descriptor;
  const name = 'addon';
  let selection: Selection;
  try {
    selection = host.select('auto');
  } catch (error) {
    return problem(name, errorLine(error));
  }
  const details: string[] = [];
  const places = new Set<string>();
  for (const { candidate, reason, causes } of selection.failures) {
    places.add(candidate.specifier);
    details.push(
      `not used (${candidate.origin}): ${reason}`,
      ...causes.map((cause) => `  because: ${cause}`),
    );
  }
  if (selection.path === undefined) {
    const cure = host.descriptor.cures.filter((line) => !line.includes('tandem doctor')).join('; or ');
    const text =
      selection.failures.length > 0 ? 'none can be used' : `no search was made: ${selection.reason}`;
    return { name, state: 'note', text: `${text} (ABI ${abi} is required)`, details, cure };
  }
  for (const { origin, specifier } of candidates(host)) {
    if (specifier === selection.path || places.has(specifier)) continue;
    details.push(`not needed (${origin}): ${specifier}`);
  }
  return { name, state: 'ok', text: `${selection.path}, ABI ${abi}`, details };
}

function candidates(
  host: EngineHost<NativeAddon>,
): ReturnType<EngineHost<NativeAddon>['descriptor']['candidates']> {
  try {
    return host.descriptor.candidates();
  } catch {
    // The failures already include this error.
    return [];
  }
}

/** The engine that a run without options starts on. */
function engineCheck(host: EngineHost<NativeAddon>): Check {
  try {
    const { engine, reason } = host.select();
    return { name: 'engine', state: 'ok', text: `${engine}: ${reason}` };
  } catch (error) {
    const hint = TandemError.isTandemError(error) ? error.hint : undefined;
    return {
      ...problem('engine', error instanceof Error ? error.message : String(error), hint),
      details: causeChain(error).slice(1),
    };
  }
}

/** A real run on one small file of the package: options, engine, reading, report. */
async function trialCheck(packageFile: URL): Promise<Check> {
  const file = fileURLToPath(packageFile);
  try {
    const report = await validate({ files: [Buffer.from(file)], layout: 'ndjson' });
    for await (const row of report.rows()) {
      if (!row.is_valid)
        return problem('trial run', `reading ${file} failed: ${row.error ?? 'no reason given'}`);
    }
    if (report.totals.items !== 1)
      return problem('trial run', `expected to read 1 file, but read ${report.totals.items}`);
    const { engine } = report.selection;
    const [fallback] = report.fallbacks;
    if (fallback === undefined)
      return { name: 'trial run', state: 'ok', text: `reads a file on the ${engine} engine` };
    return {
      name: 'trial run',
      state: 'note',
      text: `works in TypeScript only: the native engine failed: ${fallback.reason}`,
      details: causeChain(fallback.cause),
    };
  } catch (error) {
    return problem('trial run', errorLine(error));
  }
}
