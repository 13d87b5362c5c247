import type { Command } from './command.ts';

/** One line of the table of commands. */
export interface CommandEntry {
  /** The words that call the command, after `tandem`. */
  readonly path: string;
  readonly about: string;
  /** Set if this is another name for a command that is already listed. */
  readonly alias?: true;
  load(): Promise<Command>;
}

/** Every command. The file of a command is imported only when load() is called. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    path: 'sidecar validate',
    about: 'check every sidecar of a folder',
    load: async () => (await import('./commands/sidecar/validate.ts')).validateCommand,
  },
  {
    path: 'sidecar stats',
    about: 'count images and sidecars, and average the results in the sidecars',
    load: async () => (await import('./commands/sidecar/stats.ts')).statsCommand,
  },
  {
    path: 'sidecar format-stats',
    about: 'count the files of each format, by their content',
    load: async () => (await import('./commands/sidecar/format-stats.ts')).formatStatsCommand,
  },
  {
    path: 'sidecar convert',
    about: 'convert sidecars to another format',
    load: async () => (await import('./commands/sidecar/convert.ts')).convertCommand,
  },
  {
    path: 'sidecar cleanup',
    about: 'move sidecars that have no image into a quarantine',
    load: async () => (await import('./commands/sidecar/cleanup.ts')).cleanupCommand,
  },
  {
    path: 'sidecar undo',
    about: 'restore what a cleanup moved',
    load: async () => (await import('./commands/sidecar/undo.ts')).undoCommand,
  },
  {
    path: 'sidecar purge',
    about: 'permanently delete what a cleanup moved',
    load: async () => (await import('./commands/sidecar/purge.ts')).purgeCommand,
  },
  {
    path: 'sidecar export',
    about: 'export the contents of all sidecars into one file',
    load: async () => (await import('./commands/sidecar/export.ts')).exportCommand,
  },
  {
    path: 'sidecar cleanup undo',
    about: 'same as sidecar undo',
    alias: true,
    load: async () => (await import('./commands/sidecar/undo.ts')).undoCommand,
  },
  {
    path: 'sidecar cleanup purge',
    about: 'same as sidecar purge',
    alias: true,
    load: async () => (await import('./commands/sidecar/purge.ts')).purgeCommand,
  },
  {
    path: 'schema init',
    about: 'write a starter project',
    load: async () => (await import('./commands/schema/init.ts')).schemaInitCommand,
  },
  {
    path: 'schema build',
    about: 'build one SQL file from a tree of SQL files',
    load: async () => (await import('./commands/schema/build.ts')).schemaBuildCommand,
  },
  {
    path: 'schema watch',
    about: 'rebuild on every change',
    load: async () => (await import('./commands/schema/watch.ts')).schemaWatchCommand,
  },
  {
    path: 'schema check',
    about: 'find problems in the files, without a database',
    load: async () => (await import('./commands/schema/check.ts')).schemaCheckCommand,
  },
  {
    path: 'schema verify',
    about: 'apply the schema to a fresh database and report what fails',
    load: async () => (await import('./commands/schema/verify.ts')).schemaVerifyCommand,
  },
  {
    path: 'schema hash',
    about: 'print the hash of a schema, to tell whether it changed',
    load: async () => (await import('./commands/schema/hash.ts')).schemaHashCommand,
  },
  {
    path: 'schema changed',
    about: 'list the files and folders that changed since a git revision or a hash',
    load: async () => (await import('./commands/schema/changed.ts')).schemaChangedCommand,
  },
  {
    path: 'schema diff',
    about: 'compare two schemas: files, git revisions or databases',
    load: async () => (await import('./commands/schema/diff.ts')).schemaDiffCommand,
  },
  {
    path: 'schema list',
    about: 'list the files of a build in order, and explain the order',
    load: async () => (await import('./commands/schema/list.ts')).schemaListCommand,
  },
  {
    path: 'schema where',
    about: 'find the source line of a line in a built file',
    load: async () => (await import('./commands/schema/where.ts')).schemaWhereCommand,
  },
  {
    path: 'logs',
    about: 'count, time and group the messages of logs',
    load: async () => (await import('./commands/infra/logs.ts')).logsCommand,
  },
  {
    path: 'doctor',
    about: 'show which engine is used here and why, and what may be wrong',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  {
    path: 'bench',
    about: 'measure both engines on this machine',
    load: async () => (await import('./commands/bench.ts')).benchCommand,
  },
  {
    path: 'completions',
    about: 'print the completion script for bash, zsh or fish',
    load: async () => (await import('./commands/completions.ts')).completionsCommand,
  },
];
