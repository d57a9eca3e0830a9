import MarkdownIt, { type Token } from 'markdown-it';
import { type Html, raw } from '../../kernel/index.ts';

/** A documentation page as HTML, with the sections that the search looks through. */
export interface RenderedPage {
  readonly title: string;
  /** Text of the page's first paragraph. */
  readonly summary: string;
  readonly html: Html;
  readonly sections: readonly PageSection[];
}

/** The content below one heading of a page. `text` contains the paragraphs first, then the code examples. */
export interface PageSection {
  readonly level: number;
  readonly heading: string;
  readonly slug: string;
  readonly text: string;
}

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
const { escapeHtml } = markdown.utils;
const { rules } = markdown.renderer;

rules['heading_open'] = (tokens, index) => {
  const { tag = '', attrs } = tokens[index] ?? {};
  const slug = escapeHtml(String(attrs?.[0]?.[1] ?? ''));
  return `<${tag} id="${slug}"><a class="anchor" href="#${slug}" aria-hidden="true" tabindex="-1">#</a>`;
};
// A table can receive the keyboard focus, so that keyboard users can scroll a table that is wider
// than the page.
rules['table_open'] = () => '<div class="scroll" tabindex="0"><table>\n';
rules['table_close'] = () => '</table></div>\n';
rules['fence'] = (tokens, index) => {
  const { content = '', info = '' } = tokens[index] ?? {};
  const [language = '', ...options] = info.split(' ');
  const text = escapeHtml(content.replaceAll(OMITTED, '…'));
  const caption = escapeHtml(codeCaption(language, options));
  const kind = ['sh', 'js', 'py'].includes(language) ? 'code' : 'code result';
  return `<figure class="${kind}"><figcaption>${caption}</figcaption><pre tabindex="0"><code>${text}</code></pre></figure>\n`;
};
rules['link_open'] = (tokens, index) => `<a href="${escapeHtml(linkAddress(tokens[index]))}">`;

/**
 * Placeholder for omitted parts of example responses. It is a JSON member, so that the examples are
 * valid JSON, which tests can compare. Pages show it as `…`.
 */
const OMITTED = '"…": "…"';

/**
 * Returns the caption of a code block: what the reader does with it. In Markdown, the block of a response or of an output
 * has the word `answer`, with the status if there is one.
 */
function codeCaption(language: string, options: readonly string[]): string {
  const answer = options.map((word) => word.split('=')).find(([name]) => name === 'answer');
  if (language === 'url') return 'Address in the browser';
  if (answer !== undefined) return answer[1] === undefined ? 'Output' : `Answer: ${answer[1]}`;
  return CAPTIONS[language] ?? 'Example';
}

/** A block of the shell is pasted and run. All other blocks are only read. */
const CAPTIONS: Readonly<Record<string, string>> = { sh: 'Shell', js: 'JavaScript', py: 'Python' };

/**
 * Returns the address of a link. A link to a Markdown file of the repository becomes a link to the
 * page of that file.
 */
function linkAddress(token: Token | undefined): string {
  const href = String(token?.attrs?.find(([name]) => name === 'href')?.[1] ?? '');
  const [, page, anchor = ''] = /^([a-z0-9-]+)\.md(#.*)?$/.exec(href) ?? [];
  return page === undefined ? href : `/docs/${page}${anchor}`;
}

export function renderMarkdown(text: string): RenderedPage {
  const tokens = markdown.parse(text, {});
  const sections = collectSections(tokens);
  const [first] = sections;
  const body = tokens.slice(tokens.findIndex(({ type }) => type === 'heading_close') + 1);
  const paragraph = body.find(({ type }) => type === 'inline');
  return {
    title: first?.heading ?? '',
    summary: paragraph === undefined ? '' : tokenText(paragraph),
    html: raw(markdown.renderer.render(tokens, markdown.options, {})),
    sections,
  };
}

/** Splits a page into sections by headings, and sets the anchor of each heading. */
function collectSections(tokens: readonly Token[]): readonly PageSection[] {
  const slugOf = createSlugger();
  const sections: { level: number; heading: string; slug: string; texts: string[]; code: string[] }[] = [];
  tokens.forEach((token, index) => {
    if (token.type === 'heading_open') {
      const heading = tokenText(tokens[index + 1]);
      const slug = slugOf(heading);
      token.attrs = [['id', slug]];
      sections.push({ level: Number(token.tag.slice(1)), heading, slug, texts: [], code: [] });
    } else if (tokens[index - 1]?.type !== 'heading_open') {
      const text = tokenText(token);
      const section = sections.at(-1);
      if (text !== '') (token.type === 'fence' ? section?.code : section?.texts)?.push(text);
    }
  });
  return sections.map(({ level, heading, slug, texts, code }) => {
    const text = [...texts, ...code].join(' ').replaceAll(/\s+/g, ' ');
    return { level, heading, slug, text };
  });
}

function tokenText(token: Token | undefined): string {
  if (token === undefined) return '';
  if (token.type === 'fence') return token.content.replaceAll(OMITTED, '…');
  return (token.children ?? []).map((child) => (child.type === 'softbreak' ? ' ' : child.content)).join('');
}

/**
 * Creates a function that turns the headings of one page into anchors. Other sites link to these
 * anchors, so a heading must get the same anchor every time the page is rendered.
 */
function createSlugger(): (heading: string) => string {
  const used = new Map<string, number>();
  return (heading) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9_\s/.-]/g, '')
      .trim()
      .replaceAll(/[\s/.]+/g, '-')
      .replace(/-$/, '');
    const before = used.get(slug) ?? 0;
    used.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before + 1}`;
  };
}
