/** A number of the record, such as -2.5 or 1e-3. It can't be a formula. */
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
/** Characters with which a formula starts in a spreadsheet, their fullwidth forms included. OWASP, CSV Injection. */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * Keeps a spreadsheet from evaluating a cell as a formula, by an apostrophe before it. A number stays as it is, so that a
 * negative value can be used in calculations.
 */
export const escapeFormula = (cell: string): string =>
  FORMULA_START.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
