export { fileInput, type IntakeFile, textInput } from './input.ts';
export { type IntakeOptions, intake } from './intake.ts';
export type { IntakeReport, Refusal } from './report.ts';
