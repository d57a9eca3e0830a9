export { fileInput, type IntakeFile, linesOf, textInput, textOf } from './input.ts';
export { type IntakeOptions, intake } from './intake.ts';
export { foldDemographics } from './records.ts';
export type { IntakeReport, Refusal } from './report.ts';
