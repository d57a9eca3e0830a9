/** A word of a shell, and of what reads .env files: nothing in it is a command. */
export const quoted = (text: string): string =>
  /^[\w:/.%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
