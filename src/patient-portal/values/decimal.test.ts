import { describe, expect, it } from 'vitest';
import { parseJson } from '../../fhir/index.ts';
import { exactNumber, formatNumber } from './decimal.ts';

/** Reads a number from JSON text, as the store returns it. */
const read = (text: string): unknown => (parseJson(`{"value":${text}}`) as { value: unknown }).value;

// FHIR R4 §2.24.0.1: the precision of a decimal is significant, so 0.010 isn't 0.01.
describe('a number', () => {
  it.each([
    ['7', '7'],
    ['0.10', '0.10'],
    ['7.0', '7.0'],
    ['7.00', '7.00'],
    ['-2.50', '-2.50'],
    ['0.00', '0.00'],
    ['0.010', '0.010'],
    ['27.0672', '27.0672'],
    ['0.000123456', '0.000123456'],
    // Digits before the decimal point are always shown.
    ['1234567', '1234567'],
    ['250000', '250000'],
    ['9007199254740993', '9007199254740993'],
    // JSON numbers with an exponent.
    ['1.5e3', '1500'],
    ['1.50E1', '15.0'],
    ['5e-7', '0.0000005'],
  ])('%s is shown with all its digits, as %s', (sent, shown) => {
    expect(formatNumber(read(sent))).toBe(shown);
    expect(exactNumber(read(sent))).toBeUndefined();
  });

  it.each([
    // Synthea, body mass index.
    ['27.06722703889899', '27.0672'],
    ['0.30000000000000004', '0.3'],
    ['72.00000000000001', '72'],
    ['0.000012345678', '0.0000123457'],
    ['99999.99999', '100000'],
    ['1234567.89', '1234568'],
    ['-27.06725', '-27.0673'],
    ['123456789012345678901234567890', '1.23457 × 10²⁹'],
    ['0.00000000000000000000000012345678', '1.23457 × 10⁻²⁵'],
  ])('%s is shown as %s, and has an exact value', (sent, shown) => {
    expect(formatNumber(read(sent))).toBe(shown);
    expect(exactNumber(read(sent))).toBe(sent);
  });

  it.each(['1e400', '-1e400'])('%s, which no page could write out, is shown as it was sent', (sent) =>
    expect(formatNumber(read(sent))).toBe(sent),
  );

  it.each(['7', null, {}, Number.NaN, true])('%j isn’t a number', (value) =>
    expect(formatNumber(value)).toBeUndefined(),
  );
});
