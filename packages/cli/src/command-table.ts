import type { Command } from './command.ts';

/** One line of the table of commands. */
export interface CommandEntry {
  /** The words that call it, after `tandem`. */
  readonly path: string;
  readonly about: string;
  /** Another spelling of a command that is in the table already. */
  readonly alias?: true;
  load(): Promise<Command>;
}

/** Every command. A file is imported when its command is called, and for nothing else. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    path: 'sidecar validate',
    about: 'check every sidecar of a folder',
    load: async () => (await import('./commands/validate.ts')).validateCommand,
  },
  {
    path: 'sidecar stats',
    about: 'count images and sidecars, and average what the sidecars say',
    load: async () => (await import('./commands/stats.ts')).statsCommand,
  },
  {
    path: 'sidecar format-stats',
    about: 'count the files of each format, by their content',
    load: async () => (await import('./commands/format-stats.ts')).formatStatsCommand,
  },
  {
    path: 'sidecar convert',
    about: 'convert sidecars to json, bin or rkyv',
    load: async () => (await import('./commands/convert.ts')).convertCommand,
  },
  {
    path: 'sidecar cleanup',
    about: 'move sidecars that have no image into a quarantine',
    load: async () => (await import('./commands/cleanup.ts')).cleanupCommand,
  },
  {
    path: 'sidecar undo',
    about: 'bring back what a cleanup moved',
    load: async () => (await import('./commands/undo.ts')).undoCommand,
  },
  {
    path: 'sidecar purge',
    about: 'delete what a cleanup moved, for good',
    load: async () => (await import('./commands/purge.ts')).purgeCommand,
  },
  {
    path: 'sidecar export',
    about: 'write what all sidecars say into one file',
    load: async () => (await import('./commands/export.ts')).exportCommand,
  },
  {
    path: 'sidecar cleanup undo',
    about: 'the same as sidecar undo',
    alias: true,
    load: async () => (await import('./commands/undo.ts')).undoCommand,
  },
  {
    path: 'sidecar cleanup purge',
    about: 'the same as sidecar purge',
    alias: true,
    load: async () => (await import('./commands/purge.ts')).purgeCommand,
  },
  {
    path: 'schema init',
    about: 'write a starter project',
    load: async () => (await import('./commands/schema-init.ts')).schemaInitCommand,
  },
  {
    path: 'schema build',
    about: 'build one SQL file from a tree of them',
    load: async () => (await import('./commands/schema-build.ts')).schemaBuildCommand,
  },
  {
    path: 'schema watch',
    about: 'build again on every change',
    load: async () => (await import('./commands/schema-watch.ts')).schemaWatchCommand,
  },
  {
    path: 'schema check',
    about: 'look for what is wrong in the files, without a database',
    load: async () => (await import('./commands/schema-check.ts')).schemaCheckCommand,
  },
  {
    path: 'schema verify',
    about: 'apply the schema to a fresh database, and find what fails',
    load: async () => (await import('./commands/schema-verify.ts')).schemaVerifyCommand,
  },
  {
    path: 'schema hash',
    about: 'the hash of a schema, for telling whether it changed',
    load: async () => (await import('./commands/schema-hash.ts')).schemaHashCommand,
  },
  {
    path: 'schema changed',
    about: 'which files and folders changed since a revision of git, or a hash',
    load: async () => (await import('./commands/schema-changed.ts')).schemaChangedCommand,
  },
  {
    path: 'schema diff',
    about: 'what differs between two schemas: files, revisions of git, databases',
    load: async () => (await import('./commands/schema-diff.ts')).schemaDiffCommand,
  },
  {
    path: 'schema list',
    about: 'the files of a build in their order, and why',
    load: async () => (await import('./commands/schema-list.ts')).schemaListCommand,
  },
  {
    path: 'schema where',
    about: 'which source line a line of a built file comes from',
    load: async () => (await import('./commands/schema-where.ts')).schemaWhereCommand,
  },
  {
    path: 'doctor',
    about: 'say which engine works here and why, and what may be wrong',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  {
    path: 'bench',
    about: 'measure both engines on this machine',
    load: async () => (await import('./commands/bench.ts')).benchCommand,
  },
];
