/** Quotes a text for a POSIX shell. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Joins the parts of a shell command, one on each line. */
export const joinLines = (...parts: readonly string[]): string => parts.join(' \\\n  ');

/**
 * Header option of curl with the access token. The double quotes let the shell replace the variable, so the command
 * contains no token.
 */
export const BEARER_OPTION = '-H "Authorization: Bearer $ACCESS_TOKEN"';
