/** Columns of a terminal that help fits into. */
export const WIDTH = 80;

/**
 * Wraps words into lines of at most `WIDTH` columns.
 * @param units words, or groups of words that stay on one line
 * @param indent spaces before the first line; the next lines have four more
 */
export function wrap(units: readonly string[], indent = ''): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const unit of units) {
    const longer = line === '' ? `${indent}${unit}` : `${line} ${unit}`;
    if (longer.length <= WIDTH || line === '') {
      line = longer;
      continue;
    }
    lines.push(line);
    line = `${indent}${indent === '' ? '' : '    '}${unit}`;
  }
  return [...lines, line];
}

/**
 * Formats rows of a name and its meaning, indented by two spaces.
 * @param width columns of the widest name
 */
export const nameColumns = (
  rows: readonly (readonly [name: string, meaning: string])[],
  width: number = Math.max(...rows.map(([name]) => name.length)),
): readonly string[] => rows.map(([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}`);
