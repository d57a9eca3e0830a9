import { isLosslessNumber, LosslessNumber } from 'lossless-json';

/** What newer runtimes' JSON has beyond the types of ES2024. */
interface SourceAwareJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
}
const sourceAware = JSON as unknown as SourceAwareJson;

/**
 * A number that JavaScript may print otherwise than it came: with zeros at the end of its fraction, with an exponent, with
 * sixteen letters or more, below a millionth, or -0. Text that looks like one within a string counts as well: it costs
 * time and changes nothing.
 */
const INEXACT =
  /(?:^|[:,[])\s*-?(?:\d+\.\d*0|\d+(?:\.\d+)?[eE][+-]?\d+|[\d.]{16,}|0\.000000\d*|(?<=-)0)\s*(?=[,}\]]|$)/;

/** FHIR R4 §2.6.2: a decimal's precision is part of its value. A number JavaScript would print otherwise stays as it came. */
export const parseJson = (text: string): unknown => (INEXACT.test(text) ? parseExactly(text) : JSON.parse(text));

const parseExactly = (text: string): unknown =>
  sourceAware.parse(text, (_key, value, context) =>
    typeof value === 'number' && context.source !== undefined && String(value) !== context.source
      ? new LosslessNumber(context.source)
      : value,
  );

/** Compact: no white space outside of strings. */
export function printJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text?.includes(MARK) === true ? printExactly(value) : text;
}

/** Where the text of a value has it, there may be a number that is kept as it came. */
const MARK = '"isLosslessNumber":true';

const printExactly = (value: unknown): string =>
  JSON.stringify(value, (_key, part) => (isLosslessNumber(part) ? sourceAware.rawJSON(part.value) : part));
