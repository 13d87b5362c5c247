import './generated/error-codes.ts';

export { excerpt, type Finding } from '@tandem/job';

export { type Catalogue, type CatalogueObject, catalogueText } from './catalogue/catalogue.ts';
export type { CatalogueChange } from './catalogue/catalogue-changes.ts';
export type { DatabaseChoice } from './database/open-database.ts';
export type { DatabaseKind } from './database/scratch-database.ts';
export type { ServerMessage } from './database/sql-failure.ts';
export type { CatalogueDiff, DiffChange, DiffObject, DiffPart } from './diff/catalogue-diff.ts';
export { IGNORED, type Ignored } from './diff/left-out.ts';
export type { ObjectSource } from './diff/object-sources.ts';
export type { NeedKind } from './infer/inferred-need.ts';
export type { FileNeed, ProposedFile, ProposedOrder } from './infer/proposed-order.ts';
export type { BuildResult } from './operations/build.ts';
export type { SplitPart } from './operations/build-split.ts';
export type { ChangeBase } from './operations/changed.ts';
export type { CheckReport } from './operations/check.ts';
export type {
  DiffFinding,
  DiffReport,
  DiffSide,
  DiffWishes,
  SourcedChange,
  SourcedObject,
} from './operations/diff.ts';
export { type BuildFilesOptions, buildSchema, type FilesOptions, hashFiles } from './operations/files.ts';
export { initProject } from './operations/init-project.ts';
export type { VerifyReport, VerifyWishes } from './operations/verify.ts';
export type { WrittenFile, WrittenNeeds } from './operations/write-needs.ts';
export type { IncludeEntry, ProjectConfig, SeparatorStyle, SortMode } from './project/project-config.ts';
export { readProject } from './project/read-project.ts';
export {
  type InferWishes,
  SchemaBuilder,
  type SchemaBuilderOptions,
  type SchemaBuildOptions,
  type SchemaWatchOptions,
} from './schema-builder.ts';
export { type ExplainedFile, explainFiles } from './selection/explain.ts';
export { type SelectOptions, selectFiles } from './selection/select-files.ts';
export type { Phase, SelectedFile } from './selection/selected-file.ts';
export {
  type DatabaseSide,
  type ProjectSide,
  readSide,
  type SchemaSide,
  type TreeHashFile,
} from './side/schema-side.ts';
export { mapFileOf, readSourceMap } from './source-map/map-file.ts';
export { type MappedSource, type SourceMap, type SourcePlace, sourceOf } from './source-map/source-map.ts';
export { readTreeHash } from './tree-hash/tree-file.ts';
export { type TreeChange, type TreeNode, treeChanges } from './tree-hash/tree-hash.ts';
export type { VerifyFinding } from './verify/verify-finding.ts';
export type { WatchEvent, WatchedBuilt, WatchedFailure } from './watch/watch-event.ts';
