export type { Validator } from './check/resource.ts';
export { dstu2Validator } from './dstu2.ts';
export type { Issue } from './issue.ts';
export { r4Guide, r4Validator } from './r4.ts';
export { readGuide } from './read-guide.ts';
