export { invariantsOf } from './check/invariant.ts';
export { type Validator, validatorOf } from './check/resource.ts';
export { type Codes, type ListedCodes, type ValueSets, valueSetsOf } from './codes.ts';
export { type Definitions, definitionsOf } from './definitions.ts';
export type { Issue, IssueCode } from './issue.ts';
export { r4Guide, r4Validator } from './r4.ts';
export { readGuide } from './read-guide.ts';
