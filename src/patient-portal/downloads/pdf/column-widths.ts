/** Width in points that a column has at least, and the width from which its text is wrapped. */
const MIN_WIDTH = 56;
const MAX_WIDTH = 230;
/** Number of rows that are measured. Later rows of a long table are wrapped to the same widths. */
const MEASURED_ROWS = 60;

/**
 * Returns the width of each column: as wide as its longest text if all columns fit, or else in proportion to it.
 * @param total width of the table in points
 * @param gap space between two columns in points
 */
export function columnWidths(
  rows: readonly (readonly string[])[],
  total: number,
  gap: number,
  measure: (text: string) => number,
): readonly number[] {
  const count = Math.max(...rows.map((cells) => cells.length));
  const available = total - gap * (count - 1);
  const wanted = Array.from({ length: count }, (_, index) =>
    rows
      .slice(0, MEASURED_ROWS)
      .reduce((widest, cells) => Math.max(widest, Math.min(measure(cells[index] ?? ''), MAX_WIDTH)), MIN_WIDTH),
  );
  const sum = wanted.reduce((all, one) => all + one, 0);
  // Every column keeps its minimum. What is left is shared by what each column wants beyond it.
  const spare = available - MIN_WIDTH * count;
  const beyond = sum - MIN_WIDTH * count;
  return wanted.map((one) => (beyond === 0 ? available / count : MIN_WIDTH + (spare * (one - MIN_WIDTH)) / beyond));
}
