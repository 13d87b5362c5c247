import { TandemError } from '@tandem/engine';

/** 9999-12-31T23:59:59Z: later years have more digits. */
const LAST_SECOND = 253_402_300_799;
const BAR = `-- ${'='.repeat(44)}`;

/**
 * The contents of the header above the body. It has no timestamp unless SOURCE_DATE_EPOCH is set, so that
 * equal input produces equal bytes.
 */
export interface HeaderFacts {
  readonly env: string;
  readonly bodySha256: string;
  readonly files: number;
}

/**
 * @throws {TandemError} ERR_TANDEM_BAD_OPTION if SOURCE_DATE_EPOCH is not a valid time;
 *   ERR_TANDEM_BAD_ARGUMENT for an environment name that would end its comment
 */
export function schemaHeader(
  { env, bodySha256, files }: HeaderFacts,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  if (/\p{Cc}/u.test(env)) {
    const problem = `invalid environment name: ${JSON.stringify(env)}`;
    const cure = 'remove the control characters';
    throw new TandemError('ERR_TANDEM_BAD_ARGUMENT', { params: { problem, cure } });
  }
  const generated = generatedAt(environment['SOURCE_DATE_EPOCH']);
  return [
    BAR,
    '-- PostgreSQL schema',
    BAR,
    '--',
    `-- Environment: ${env}`,
    ...(generated === null ? [] : [`-- Generated: ${generated}`]),
    `-- Body SHA-256: ${bodySha256}`,
    `-- Files Included: ${files}`,
    '--',
    '-- Made by Tandem (tandem schema build)',
    '-- Do not edit: change the files it is made of and build again',
    '--',
    BAR,
    '',
    '',
  ].join('\n');
}

/**
 * https://reproducible-builds.org/specs/source-date-epoch/: seconds since 1970, formatted as confiture
 * formats them.
 */
function generatedAt(epoch: string | undefined): string | null {
  if (epoch === undefined || epoch === '') return null;
  const seconds = /^\d+$/.test(epoch) ? Number(epoch) : Number.NaN;
  if (!(seconds <= LAST_SECOND)) {
    throw new TandemError('ERR_TANDEM_BAD_OPTION', {
      params: {
        option: `SOURCE_DATE_EPOCH '${epoch}'`,
        problem: 'is not a valid time',
        cure: 'use seconds since 1970, up to the year 9999',
      },
    });
  }
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}+00:00`;
}
