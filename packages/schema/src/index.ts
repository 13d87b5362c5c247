export type { Finding } from './finding.ts';
export { type BuildOptions, type BuildRequest, type BuildResult, buildSelected } from './operations/build.ts';
export { type HashOptions, hashSelected } from './operations/hash.ts';
export type { IncludeEntry, ProjectConfig, SeparatorStyle, SortMode } from './project/project-config.ts';
export { readProject } from './project/read-project.ts';
export { type SelectOptions, selectFiles } from './selection/select-files.ts';
export type { Phase, SelectedFile } from './selection/selected-file.ts';
