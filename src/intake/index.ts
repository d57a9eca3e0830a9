export { openFeed } from './feed/feed.ts';
export { fileInput, type IntakeFile, textInput } from './input.ts';
export { type IntakeOptions, intake } from './intake.ts';
export { foldDemographics } from './records.ts';
export type { IntakeReport, Refusal } from './report.ts';
