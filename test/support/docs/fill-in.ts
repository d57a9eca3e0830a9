/**
 * Replaces the `…` of each line `NAME=…` in a block of commands by the reader's value: an app's credentials, the code in
 * the browser's address, a file.
 */
export async function fillIn(text: string, value: (name: string) => string | Promise<string>): Promise<string> {
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const [, name] = /^([A-Z_]+)=…$/.exec(line) ?? [];
    lines.push(name === undefined ? line : `${name}='${await value(name)}'`);
  }
  return lines.join('\n');
}
