export type { Validator } from './check/resource.ts';
export type { Issue } from './issue.ts';
export { r4Guide, r4Validator } from './r4.ts';
export { readGuide } from './read-guide.ts';
