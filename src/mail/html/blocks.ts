/** A part of an email's text. */
export type EmailBlock =
  | { readonly kind: 'paragraph'; readonly lines: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly ListItem[] };

export interface ListItem {
  /** Number of the item; undefined in a list without numbers. */
  readonly number: number | undefined;
  readonly lines: readonly string[];
}

/** Splits a text into paragraphs and lists. An empty line ends both. List items start with `1. ` or `- `. */
export const toBlocks = (text: string): readonly EmailBlock[] =>
  text
    .split(/\n(?:[ \t]*\n)+/)
    .map((block) => block.split('\n').filter((line) => line.trim() !== ''))
    .flatMap(splitLines);

/** Splits lines without an empty line between them. A line that continues a list item is indented. */
function splitLines(lines: readonly string[]): readonly EmailBlock[] {
  const blocks: EmailBlock[] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    const item = toListItem(line);
    if (item !== undefined) {
      if (last?.kind === 'list' && isNumbered(last.items[0]) === isNumbered(item)) {
        blocks[blocks.length - 1] = { kind: 'list', items: [...last.items, item] };
      } else blocks.push({ kind: 'list', items: [item] });
    } else if (last?.kind === 'list' && /^\s/.test(line)) {
      blocks[blocks.length - 1] = { kind: 'list', items: continueItem(last.items, line.trim()) };
    } else if (last?.kind === 'paragraph') {
      blocks[blocks.length - 1] = { kind: 'paragraph', lines: [...last.lines, line] };
    } else blocks.push({ kind: 'paragraph', lines: [line] });
  }
  return blocks;
}

const isNumbered = (item: ListItem | undefined): boolean => item?.number !== undefined;

function toListItem(line: string): ListItem | undefined {
  const [, number, text] = /^(?:(\d{1,3})\.|-) (.*)$/.exec(line) ?? [];
  if (text === undefined) return undefined;
  return { number: number === undefined ? undefined : Number(number), lines: [text] };
}

const continueItem = (items: readonly ListItem[], line: string): readonly ListItem[] =>
  items.map((item, index) => (index === items.length - 1 ? { ...item, lines: [...item.lines, line] } : item));
