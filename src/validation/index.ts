export type { Validator } from './check/resource.ts';
export { readGuide } from './definitions/read-guide.ts';
export { createDstu2Validator } from './dstu2.ts';
export type { ValidationIssue } from './issue.ts';
export { buildR4Guide, createR4Validator } from './r4.ts';
