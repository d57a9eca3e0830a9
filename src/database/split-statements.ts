/**
 * Matches the semicolons that end statements, and everything that may contain other semicolons: comments, quoted texts
 * and names, and dollar-quoted bodies. A text with escapes (`E'…'`) may contain `\'`.
 */
const TOKENS =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\be'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[\s\S]*?\1|;/gi;

/**
 * Splits SQL into its statements, each without its semicolon. Citus sends the text of some statements to the workers as
 * it came, so it needs one statement at a time. Not supported: comments inside comments, and functions with
 * `begin atomic`.
 */
export function splitStatements(sql: string): readonly string[] {
  const statements: string[] = [];
  let start = 0;
  for (const { 0: found, index } of sql.matchAll(TOKENS)) {
    if (found !== ';') continue;
    statements.push(sql.slice(start, index));
    start = index + 1;
  }
  return [...statements, sql.slice(start)].filter((text) => withoutComments(text).trim() !== '');
}

const withoutComments = (sql: string): string =>
  sql.replaceAll(TOKENS, (found) => (found.startsWith('--') || found.startsWith('/*') ? '' : found));
