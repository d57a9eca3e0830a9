/** Quotes text for shells and .env files, so that none of it runs as a command. */
export const shellQuote = (text: string): string =>
  /^[\w:/.%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
