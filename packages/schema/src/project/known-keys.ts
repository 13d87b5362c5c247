/** What a key may contain: `null` for a value that is not inspected here. */
export type Known = null | KeyTable | { readonly each: KeyTable } | { readonly named: KeyTable };

/** The keys of a mapping. */
export interface KeyTable {
  readonly keys: Readonly<Record<string, Known>>;
}

/** The keys of an object in include_dirs and in the two superuser lists. */
export const DIRECTORY_KEYS: KeyTable = leaves(
  'path',
  'recursive',
  'include',
  'exclude',
  'auto_discover',
  'order',
);

/**
 * Every key of confiture 1.29 (config/environment.py and what its commands read in addition). A key that a
 * build does not use is accepted and ignored, so that one file serves both programs; a key that neither
 * program knows is a typing error.
 */
export const ENVIRONMENT_KEYS: KeyTable = {
  keys: {
    ...leaves('name', 'database_url', 'exclude_dirs', 'acls_lint_enabled').keys,
    include_dirs: { each: DIRECTORY_KEYS },
    superuser_dirs: { each: DIRECTORY_KEYS },
    superuser_post_dirs: { each: DIRECTORY_KEYS },
    build: {
      keys: {
        ...leaves('sort_mode', 'two_pass', 'output_path').keys,
        validate_comments: leaves('enabled', 'fail_on_unclosed_blocks', 'fail_on_spillover'),
        separators: leaves('style', 'custom_template'),
        lint: leaves('enabled', 'fail_on_error', 'fail_on_warning', 'rules'),
        // Described in confiture's documentation but never read, like output_path.
        linting: leaves('enabled', 'strict'),
      },
    },
    migration: {
      keys: {
        ...leaves(
          'strict_mode',
          'destructive',
          'view_helpers',
          'snapshot_history',
          'snapshots_dir',
          'live_snapshot',
          'tracking_table',
          'rebuild_threshold',
          'grant_dir',
          'allow_unsafe_under_replication',
        ).keys,
        backfill: leaves('batch_size', 'max_lock_ms'),
        locking: leaves('enabled', 'timeout_ms'),
        migration_generators: { named: leaves('command', 'description') },
      },
    },
    seed: {
      keys: {
        ...leaves('execution_mode', 'continue_on_error', 'transaction_mode').keys,
        profiles: { named: leaves('include', 'exclude', 'name') },
      },
    },
    infrastructure: leaves('replicas'),
    drift: leaves('ignore_column_order', 'column_order_severity'),
    ssh_tunnel: leaves(
      'host',
      'user',
      'remote_host',
      'remote_port',
      'remote_socket',
      'local_port',
      'identity_file',
      'timeout_s',
    ),
    // Either a list of expectations or a mapping that contains one: not inspected, because it has two forms.
    acls: null,
    ownership: {
      keys: {
        ...leaves(
          'expected_owner',
          'ignore',
          'lint_enabled',
          'bootstrap_connection_url',
          'default_privileges',
        ).keys,
        apply_to: { each: leaves('schema', 'relkinds') },
      },
    },
    function_coverage: leaves('enabled', 'apply_to', 'ignore'),
    security_lint: leaves('enabled', 'apply_to', 'ignore', 'severity'),
    lint: leaves('ignore_objects', 'search_path', 'status_words'),
    database: leaves('host', 'port', 'database', 'user', 'password'),
    rebuild: leaves('threshold', 'backup'),
    locking: leaves('enabled', 'timeout_ms'),
    notifications: null,
    apply_as: null,
  },
};

/** The hint for a key that confiture rejects by name. */
export const MOVED_KEYS: Readonly<Record<string, string>> = {
  migration_table: 'write it as tracking_table under migration',
  tenancy: 'it is a fact of the schema: move it to db/project.yaml',
};

/** The places where a key is known: `build` for sort_mode, '' for the top level. */
export function homesOf(key: string, table: Known = ENVIRONMENT_KEYS, path = ''): string[] {
  if (table === null) return [];
  if ('each' in table) return homesOf(key, table.each, path);
  if ('named' in table) return homesOf(key, table.named, `${path}.NAME`);
  const here = Object.hasOwn(table.keys, key) ? [path] : [];
  const below = Object.entries(table.keys).map(([name, known]) =>
    homesOf(key, known, path === '' ? name : `${path}.${name}`),
  );
  return [...here, ...below.flat()];
}

function leaves(...names: string[]): KeyTable {
  return { keys: Object.fromEntries(names.map((name) => [name, null])) };
}
