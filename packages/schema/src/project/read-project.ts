import { existsSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { nearest, TandemError } from '@tandem/engine';
import { leadsNowhere, rawPath, realPath, rootPrefix, toFsPath } from '@tandem/files';
import { parseGlob } from '../selection/glob.ts';
import { ConfigFile } from './config-file.ts';
import type { ConfigValue } from './config-value.ts';
import type { IncludeEntry, ProjectConfig, SeparatorStyle, SortMode } from './project-config.ts';
import { checkKeys } from './unknown-keys.ts';

const STYLES: readonly SeparatorStyle[] = ['block_comment', 'line_comment', 'mysql', 'custom'];
const SORT_MODES: readonly SortMode[] = ['alphabetical', 'hex'];

/**
 * Reads db/environments/ENV.yaml as confiture 1.29 reads it (config/environment.py). docs/schema-compat.md
 * lists the differences.
 * @param projectDir relative to the working folder, or absolute
 * @throws {TandemError} ERR_TANDEM_CONFIG_MISSING, _SYNTAX, _VALUE, _UNKNOWN_KEY and
 *   ERR_TANDEM_INCLUDE_MISSING, with line and column of the file; ERR_TANDEM_BAD_ARGUMENT for a name that
 *   cannot be an environment name
 */
export function readProject(projectDir: string, env: string): ProjectConfig {
  const root = rawAbsolute(projectDir);
  const file = openEnvironment(projectDir, env);
  checkKeys(file);
  const keys = file.mapping();
  const listed = <Item>(key: string, read: (value: ConfigValue) => Item): Item[] =>
    keys.get(key)?.list().map(read) ?? [];
  const pathOf = (value: ConfigValue): string => readInclude(value, root, false).path;
  // In the order in which confiture checks them.
  const databaseUrl = readDatabaseUrl(required(file, keys, 'database_url'));
  const includeDirs = required(file, keys, 'include_dirs');
  const includes = includeDirs.list().map((entry) => readInclude(entry, root));
  if (includes.length === 0) includeDirs.refuse('is empty', 'name at least one folder with .sql files');
  return {
    file: file.file,
    filePath: environmentPath(root, env),
    env,
    projectDir: root,
    includes,
    excludeDirs: listed('exclude_dirs', (value) => below(root, value.text())),
    superuserDirs: listed('superuser_dirs', pathOf),
    superuserPostDirs: listed('superuser_post_dirs', pathOf),
    ...readBuild(keys.get('build')?.mapping()),
    databaseUrl,
  };
}

/**
 * The top-level value of the configuration file.
 * @throws {TandemError} as readProject, if the file does not exist or is not YAML
 */
export function openEnvironment(projectDir: string, env: string): ConfigValue {
  if (!/^[^/\\\0]+$/.test(env) || /^\.\.?$/.test(env)) {
    const problem = `invalid environment name: '${env}'`;
    const params = { problem, cure: 'use the name of its file, without .yaml' };
    throw new TandemError('ERR_TANDEM_BAD_ARGUMENT', { params });
  }
  const root = rawAbsolute(projectDir);
  const shown = join(projectDir, 'db', 'environments', `${env}.yaml`);
  const file = ConfigFile.read(environmentPath(root, env), shown);
  if (file === null) throw missingEnvironment(root, env, shown);
  return file;
}

function required(file: ConfigValue, keys: ReadonlyMap<string, ConfigValue>, key: string): ConfigValue {
  const value = keys.get(key);
  if (value !== undefined) return value;
  const cure =
    key === 'include_dirs'
      ? 'write include_dirs: [db/schema]'
      : keys.has('database')
        ? 'the block database is not read here: write database_url: postgresql://user:password@host:5432/name'
        : 'write database_url: postgresql://user:password@host:5432/name';
  return file.refuse(`has no ${key}`, cure);
}

function readDatabaseUrl(value: ConfigValue): string {
  const url = value.text();
  // The value may contain a password, so the message does not quote it.
  if (/^postgres(ql)?:\/\//.test(url)) return url;
  const cure = 'it begins with postgresql:// or postgres://; variables are not filled in here';
  return value.refuse('is not a PostgreSQL URL', cure);
}

/** @param isChecked whether its folder must exist */
function readInclude(value: ConfigValue, root: string, isChecked = true): IncludeEntry {
  if (!value.isText && !value.isMapping)
    value.refuse('is neither a folder nor a mapping with a path', 'write db/schema, or path: db/schema');
  const keys = value.isText ? new Map([['path', value]]) : value.mapping();
  const place = keys.get('path');
  const spelled = place?.text() ?? '';
  if (place === undefined || (spelled === '' && place !== value))
    value.refuse('has no path', 'write path: db/schema');
  const path = below(root, spelled);
  const autoDiscover = keys.get('auto_discover')?.flag() ?? true;
  if (isChecked) checkFolder(place, path, spelled, place === value || !autoDiscover);
  return {
    path,
    spelled,
    recursive: keys.get('recursive')?.flag() ?? true,
    include: keys.get('include')?.list().map(readGlob) ?? ['**/*.sql'],
    exclude: keys.get('exclude')?.list().map(readGlob) ?? [],
    autoDiscover,
    order: keys.get('order')?.integer() ?? 0,
  };
}

function readGlob(value: ConfigValue): string {
  const pattern = value.text();
  const glob = parseGlob(pattern);
  if ('problem' in glob) value.refuse(glob.problem, glob.cure);
  return pattern;
}

function checkFolder(value: ConfigValue, path: string, spelled: string, isRequired: boolean): void {
  try {
    if (statSync(toFsPath(path)).isDirectory()) return;
  } catch (error) {
    if (leadsNowhere(error) && isRequired) value.refuseFolder(spelled);
    // An unreachable folder is reported when it is walked.
    return;
  }
  value.refuse('is a file, not a folder', 'name its folder, and choose the file with include: [NAME]');
}

function readBuild(
  build: ReadonlyMap<string, ConfigValue> | undefined,
): Pick<ProjectConfig, 'sortMode' | 'twoPass' | 'separator' | 'check'> {
  const separators = build?.get('separators')?.mapping();
  const checks = build?.get('validate_comments')?.mapping();
  const style = oneOf(separators?.get('style'), STYLES) ?? 'block_comment';
  const given = separators?.get('custom_template');
  const template = given === undefined || given.scalar === null ? null : given.text();
  if (style === 'custom' && (template === null || template === '')) {
    const cure = 'write custom_template: "-- {file_path}"';
    separators?.get('style')?.refuse('is custom, but custom_template is missing', cure);
  }
  return {
    sortMode: oneOf(build?.get('sort_mode'), SORT_MODES) ?? 'alphabetical',
    twoPass: build?.get('two_pass')?.flag() ?? false,
    separator: { style, template: style === 'custom' ? template : null },
    check: {
      enabled: checks?.get('enabled')?.flag() ?? true,
      // The other switch, fail_on_unclosed_blocks, has no effect in confiture: the error that it controls is
      // never found.
      failOnOpen: checks?.get('fail_on_spillover')?.flag() ?? true,
    },
  };
}

function oneOf<Choice extends string>(
  value: ConfigValue | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  if (value === undefined) return undefined;
  const text = value.text();
  const found = choices.find((choice) => choice === text);
  return found ?? value.refuse(`has an unknown value: '${text}'`, `write one of: ${choices.join(', ')}`);
}

function missingEnvironment(root: string, env: string, path: string): TandemError {
  const folder = environmentsFolder(root);
  const names = environmentsIn(folder);
  const near = nearest(env, names);
  const cure =
    names.length > 0
      ? `${near === undefined ? '' : `did you mean ${near}? `}there are: ${names.join(', ')}`
      : existsSync(toFsPath(folder))
        ? `write db/environments/${env}.yaml`
        : 'is this the folder of the project? it holds db/environments';
  return new TandemError('ERR_TANDEM_CONFIG_MISSING', { params: { env, cure }, path });
}

function environmentPath(root: string, env: string): string {
  return `${environmentsFolder(root)}/${rawPath(env)}.yaml`;
}

function environmentsFolder(root: string): string {
  return `${rootPrefix(root)}db/environments`;
}

function environmentsIn(folder: string): string[] {
  try {
    const names = readdirSync(toFsPath(folder)).filter((name) => /.\.yaml$/.test(name));
    return names.map((name) => name.slice(0, -'.yaml'.length)).sort();
  } catch {
    return [];
  }
}

/** Joins a path of the configuration as Python does: an absolute path is used unchanged. Links are resolved. */
function below(root: string, spelled: string): string {
  const raw = rawPath(process.platform === 'win32' ? spelled.replaceAll('\\', '/') : spelled);
  const fromRoot = raw.startsWith('/') || (process.platform === 'win32' && /^[A-Za-z]:\//.test(raw));
  return realPath(fromRoot ? raw : rootPrefix(root) + raw);
}

function rawAbsolute(folder: string): string {
  // Not normalized: only the file system can resolve `..` after a link.
  const absolute = isAbsolute(folder) ? folder : `${process.cwd()}/${folder}`;
  return rawPath(process.platform === 'win32' ? absolute.replaceAll('\\', '/') : absolute);
}
