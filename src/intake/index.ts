export { openFeed } from './feed/feed.ts';
export { listKept, sweepKept } from './feed/kept.ts';
export { retryRefused } from './feed/retry.ts';
export { fileInput, type IntakeFile, linesOf, textInput, textOf } from './input.ts';
export { type IntakeOptions, intake } from './intake.ts';
export { foldDemographics } from './records.ts';
export type { IntakeReport, Refusal } from './report.ts';
