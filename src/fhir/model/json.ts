import { isLosslessNumber, LosslessNumber } from 'lossless-json';

/**
 * Adds the third argument of a JSON.parse reviver, and JSON.rawJSON, to the types. The type library of ES2024 doesn't
 * declare them.
 */
interface SourceAwareJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
}
const sourceAware = JSON as unknown as SourceAwareJson;

/**
 * Matches a number that JavaScript might print differently from how it was written: trailing zeros in the fraction, an
 * exponent, 16 or more characters, less than a millionth, or -0. A match inside a JSON string costs time but changes
 * nothing.
 */
const INEXACT_NUMBER =
  /(?:^|[:,[])\s*-?(?:\d+\.\d*0|\d+(?:\.\d+)?[eE][+-]?\d+|[\d.]{16,}|0\.000000\d*|(?<=-)0)\s*(?=[,}\]]|$)/;

/**
 * Parses JSON without losing the precision of decimals, which is part of their value (FHIR R4 §2.6.2). A number that
 * JavaScript would print differently becomes a LosslessNumber.
 * @throws SyntaxError
 */
export const parseJson = (text: string): unknown => (INEXACT_NUMBER.test(text) ? parseExactly(text) : JSON.parse(text));

const parseExactly = (text: string): unknown =>
  sourceAware.parse(text, (_key, value, context) =>
    typeof value === 'number' && context.source !== undefined && String(value) !== context.source
      ? new LosslessNumber(context.source)
      : value,
  );

/** Prints compact JSON. Each LosslessNumber is printed as it was written. */
export function printJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text?.includes(LOSSLESS_MARKER) === true ? printExactly(value) : text;
}

/**
 * Text that JSON.stringify prints for each LosslessNumber object. If the printed JSON contains this text, printJson
 * prints the value a second time with exact numbers. If the text comes from a string in the value instead, the second
 * printing only costs time.
 */
const LOSSLESS_MARKER = '"isLosslessNumber":true';

const printExactly = (value: unknown): string =>
  JSON.stringify(value, (_key, part) => (isLosslessNumber(part) ? sourceAware.rawJSON(part.value) : part));
