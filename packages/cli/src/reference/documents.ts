// The texts that scripts/generate.mjs generates from the tables.
export { manPage } from './man-page.ts';
export { markdownParts } from './markdown.ts';
