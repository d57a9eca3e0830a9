// Reads the examples in the pages of the documentation.

export interface DocsBlock {
  readonly line: number;
  readonly language: string;
  /** Attributes of the block: `answer=200`, `keep=code`, `file=dpop.mjs`, `browser` and others. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string;
}

/** Returns all fenced code blocks of a page, in order. */
export function readBlocks(markdown: string): readonly DocsBlock[] {
  const lines = markdown.split('\n');
  const blocks: DocsBlock[] = [];
  let open: { line: number; info: string; content: string[] } | undefined;
  lines.forEach((text, index) => {
    if (!text.startsWith('```')) open?.content.push(text);
    else if (open === undefined) open = { line: index + 1, info: text.slice(3).trim(), content: [] };
    else {
      const [language = '', ...words] = open.info.split(' ');
      const named = words.map((word) => word.split('=')).map(([name = '', value = '']) => [name, value]);
      blocks.push({
        line: open.line,
        language,
        attributes: Object.fromEntries(named),
        content: open.content.join('\n'),
      });
      open = undefined;
    }
  });
  if (open !== undefined) throw new Error('a block is not closed');
  return blocks;
}

/** A request in the documentation, and the response that the page shows for it. */
export interface DocsExample {
  readonly request: DocsBlock;
  readonly answer: DocsBlock | undefined;
}

export const isResponse = ({ attributes }: DocsBlock): boolean => attributes['answer'] !== undefined;
const callsServer = ({ language, content }: DocsBlock): boolean => language === 'http' || /(^|\W)curl /.test(content);

/**
 * Returns the examples of a page in order: shell commands, requests of a browser, and files that the shell needs.
 * Throws if a block of another kind isn't marked as such.
 */
export function readExamples(markdown: string): readonly DocsExample[] {
  const blocks = readBlocks(markdown);
  return blocks.flatMap((block, index) => {
    const { language, attributes, line, content } = block;
    const next = blocks[index + 1];
    const answer = next !== undefined && isResponse(next) ? next : undefined;
    if (isResponse(block)) {
      if (index === 0 || isResponse(blocks[index - 1] as DocsBlock))
        throw new Error(`line ${line}: an answer to nothing`);
      return [];
    }
    const runs =
      language === 'sh' ||
      (language === 'http' && 'browser' in attributes) ||
      (language === 'js' && 'file' in attributes);
    if (runs) {
      if (callsServer(block) && answer === undefined) throw new Error(`line ${line}: a request without an answer`);
      return [{ request: block, answer }];
    }
    const known = ['text', 'json', 'js', 'markdown'].includes(language);
    if (!known || callsServer(block)) throw new Error(`line ${line}: nobody runs this: ${content.split('\n')[0]}`);
    return [];
  });
}
