// Stands for the DOM in tests of the demo app's views. It collects the visible text under each heading.

interface Element {
  readonly tag: string;
  readonly children: (Element | string)[];
  append(...children: (Element | string)[]): void;
  setAttribute(): void;
  addEventListener(): void;
}

function element(tag: string): Element {
  const children: (Element | string)[] = [];
  return { tag, children, append: (...more) => void children.push(...more), setAttribute() {}, addEventListener() {} };
}

/** The functions of `document` that the views call. */
export const DOCUMENT = { createElement: element, createElementNS: (_space: string, tag: string) => element(tag) };

const textOf = (node: Element | string): string =>
  typeof node === 'string' ? node : node.children.map(textOf).join(' ');

/** Returns a view as HTML, without attributes. */
export function htmlOf(view: unknown): string {
  if (typeof view !== 'object' || view === null) return String(view);
  const { tag, children } = view as Element;
  return `<${tag}>${children.map(htmlOf).join('')}</${tag}>`;
}

export interface Row {
  readonly heading: string;
  readonly text: string;
}

/** Returns the rows of a view, each with the heading above it. A row is an item of a list or of a description list. */
export function rowsOf(view: unknown): readonly Row[] {
  const rows: Row[] = [];
  let heading = '';
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const one of node) walk(one);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const made = node as Element;
    if (['h3', 'summary'].includes(made.tag)) heading = textOf(made);
    const isRow =
      made.tag === 'li' || (made.tag === 'div' && made.children.some((one) => (one as Element).tag === 'dt'));
    if (isRow) rows.push({ heading, text: textOf(made).replaceAll(/\s+/g, ' ').trim() });
    else walk([...made.children]);
  };
  walk(view);
  return rows;
}
