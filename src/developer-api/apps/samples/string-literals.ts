/** Quotes a text for shells and .env files, so that no part of it runs as a command. */
export const shellQuote = (text: string): string =>
  /^[\w:/.%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Writes a text as a string literal of JavaScript and Python. JSON's escapes are valid in both languages. */
export const jsonString = (value: string): string => JSON.stringify(value);

/**
 * Writes a text as a Swift string literal. JSON escapes quotes and backslashes, and thereby also
 * `\(`, which starts an interpolation in Swift.
 */
export const swiftString = (value: string): string => JSON.stringify(value);

/** Writes a text as a Kotlin string literal. A dollar sign must be escaped, because it starts a template expression. */
export const kotlinString = (value: string): string => JSON.stringify(value).replaceAll('$', String.raw`\$`);
