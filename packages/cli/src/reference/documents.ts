// What scripts/generate.mjs writes from the tables.
export { manPage } from './man-page.ts';
export { markdownParts } from './markdown.ts';
