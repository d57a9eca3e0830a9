import { isLosslessNumber, LosslessNumber } from 'lossless-json';

/** What newer runtimes' JSON has beyond the types of ES2024. */
interface SourceAwareJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
}
const sourceAware = JSON as unknown as SourceAwareJson;

/** FHIR R4 §2.6.2: a decimal's precision is part of its value. A number JavaScript would print otherwise stays as it came. */
export const parseJson = (text: string): unknown =>
  sourceAware.parse(text, (_key, value, context) =>
    typeof value === 'number' && context.source !== undefined && String(value) !== context.source
      ? new LosslessNumber(context.source)
      : value,
  );

/** Compact: no white space outside of strings. */
export const printJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part) => (isLosslessNumber(part) ? sourceAware.rawJSON(part.value) : part));
