/** What a mapping may contain, by key; NAME stands for any key. */
export interface KeyTable {
  readonly [key: string]: Known;
}

/** The keys of a mapping, or of each mapping in a list; null for a value that is not inspected here. */
export type Known = KeyTable | [KeyTable] | null;

const DIRECTORY = keys('path recursive include exclude auto_discover order');

/**
 * Every key of confiture 1.29 (config/environment.py and what its commands read in addition). A key that a
 * build does not use is accepted and ignored, so that one file serves both programs; a key that neither
 * program knows is a typing error.
 */
export const ENVIRONMENT_KEYS: KeyTable = {
  ...keys('name database_url exclude_dirs acls_lint_enabled'),
  include_dirs: [DIRECTORY],
  superuser_dirs: [DIRECTORY],
  superuser_post_dirs: [DIRECTORY],
  build: {
    ...keys('sort_mode two_pass output_path'),
    validate_comments: keys('enabled fail_on_unclosed_blocks fail_on_spillover'),
    separators: keys('style custom_template'),
    lint: keys('enabled fail_on_error fail_on_warning rules'),
    // Described in confiture's documentation but never read, like output_path.
    linting: keys('enabled strict'),
  },
  migration: {
    ...keys('strict_mode destructive view_helpers snapshot_history snapshots_dir live_snapshot'),
    ...keys('tracking_table rebuild_threshold grant_dir allow_unsafe_under_replication'),
    backfill: keys('batch_size max_lock_ms'),
    locking: keys('enabled timeout_ms'),
    migration_generators: { NAME: keys('command description') },
  },
  seed: {
    ...keys('execution_mode continue_on_error transaction_mode'),
    profiles: { NAME: keys('include exclude name') },
  },
  infrastructure: keys('replicas'),
  drift: keys('ignore_column_order column_order_severity'),
  ssh_tunnel: keys('host user remote_host remote_port remote_socket local_port identity_file timeout_s'),
  // Either a list of expectations or a mapping that contains one: not inspected, because it has two forms.
  acls: null,
  ownership: {
    ...keys('expected_owner ignore lint_enabled bootstrap_connection_url default_privileges'),
    apply_to: [keys('schema relkinds')],
  },
  function_coverage: keys('enabled apply_to ignore'),
  security_lint: keys('enabled apply_to ignore severity'),
  lint: keys('ignore_objects search_path status_words'),
  database: keys('host port database user password'),
  rebuild: keys('threshold backup'),
  locking: keys('enabled timeout_ms'),
  notifications: null,
  apply_as: null,
};

function keys(names: string): KeyTable {
  return Object.fromEntries(names.split(' ').map((name) => [name, null]));
}
