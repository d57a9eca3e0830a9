import { describe, expect, it } from 'vitest';
import { escapeFormula } from './csv-cells.ts';

describe('a cell of a CSV file', () => {
  it.each(['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\tx', '\rx', '\nx', '＝1', '－A1', '-', '-1 mmol/L', "-1'"])(
    'that a spreadsheet could read as a formula gets an apostrophe: %j',
    (cell) => {
      expect(escapeFormula(cell)).toBe(`'${cell}`);
    },
  );

  it.each(['-2.5', '+3', '-1e-3', '0', '7.00', '', 'Glucose', '<5', 'a=b'])(
    'of other kinds stays as it is: %j',
    (cell) => {
      expect(escapeFormula(cell)).toBe(cell);
    },
  );
});
