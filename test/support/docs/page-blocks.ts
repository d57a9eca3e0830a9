// Reads a page of the documentation as a reader sees it: its code blocks, and the text before each.
import { parse } from '../browser/html.ts';

export interface PageBlock {
  /** Caption above the block: `Shell`, `Answer: 200`, `Output`, `Address in the browser` and others. */
  readonly caption: string;
  readonly text: string;
  /** Text between the previous block and this one. */
  readonly before: string;
}

/** A block that the reader pastes into the shell, and what the page shows as its result. */
export interface PageExample {
  readonly command: PageBlock;
  readonly result: PageBlock | undefined;
}

export interface DocsPage {
  readonly examples: readonly PageExample[];
  /** Page whose steps the reader follows first, in the same shell. */
  readonly startsWith: string | undefined;
}

const START = 'Before you start';
const RUN = 'Shell';
/** Captions of blocks that are only read. */
const READ = ['Example', 'JavaScript', 'Python'];
const isResult = ({ caption }: PageBlock): boolean =>
  /^Answer: \d{3}$/.test(caption) || ['Output', 'Address in the browser'].includes(caption);

/** Reads a page. Throws if a block is of a kind that no one runs or compares. */
export function readDocsPage(html: string): DocsPage {
  const $ = parse(html);
  const blocks: PageBlock[] = [];
  let [before, startsWith]: [string, string | undefined] = ['', undefined];
  for (const element of $('article').children().toArray()) {
    const part = $(element);
    if (part.is('figure.code')) {
      blocks.push({ caption: part.find('figcaption').text(), text: part.find('code').text().trimEnd(), before });
      before = '';
    } else {
      before += `${part.text()}\n`;
      if (part.text().startsWith(START)) {
        const links = part.find('a').toArray();
        startsWith = links.map((link) => link.attribs['href'] ?? '').find((href) => href.startsWith('/docs/'));
      }
    }
  }
  return { examples: examplesIn(blocks), startsWith };
}

function examplesIn(blocks: readonly PageBlock[]): readonly PageExample[] {
  return blocks.flatMap((block, index) => {
    const next = blocks[index + 1];
    if (block.caption === RUN)
      return [{ command: block, result: next !== undefined && isResult(next) ? next : undefined }];
    if (isResult(block)) {
      if (blocks[index - 1]?.caption !== RUN) throw new Error(`a result of no command: ${block.text}`);
    } else if (!READ.includes(block.caption) || /(^|\W)curl /.test(block.text)) {
      throw new Error(`no one runs this: ${block.text.split('\n')[0]}`);
    }
    return [];
  });
}
