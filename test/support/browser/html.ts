import { type Cheerio, type CheerioAPI, load } from 'cheerio';
import { htmlToString, type Html as Markup } from '../../../src/kernel/index.ts';

/** HTML as text, as a page function returns it, or as the body of a response. */
export type Html = string | Markup | { readonly body: string };

/**
 * Parses HTML like a browser, including broken HTML (WHATWG HTML §13.2). The result takes CSS selectors. Callers must
 * not change it: the last document is cached, because tests query a page several times.
 */
export function parse(html: Html): CheerioAPI {
  const text = toText(html);
  if (last?.text !== text) last = { text, document: load(text) };
  return last.document;
}
const toText = (html: Html): string =>
  typeof html === 'string' ? html : 'body' in html ? html.body : htmlToString(html);

let last: { readonly text: string; readonly document: CheerioAPI } | undefined;

type Node = ReturnType<Cheerio<never>['contents']>[number];

const elementsOf = (html: Html, selector: string) => parse(html).root().find(selector).toArray();

/** Returns the visible text, with one space where an element or a line ends. */
export const textOf = (html: Html, selector = 'body'): string => textsOf(html, selector)[0] ?? '';

/** Returns the text of each element that matches the selector. */
export const textsOf = (html: Html, selector: string): string[] =>
  elementsOf(html, selector).map((element) => spaced(element));

/** Returns the visible text of an element without the parts that match another selector. */
export function textWithout(html: Html, selector: string, excluded: string): string {
  const document = load(toText(html));
  document(excluded).remove();
  return document.root().find(selector).toArray().map(spaced)[0] ?? '';
}

const spaced = (node: Node): string => words(node).replaceAll(/\s+/g, ' ').trim();

function words(node: Node): string {
  if (node.type === 'text') return node.data;
  if (!('children' in node) || node.type === 'script' || node.type === 'style') return '';
  return node.children.map(words).join(' ');
}

/** Returns the text of the page's main heading. */
export const titleOf = (html: Html): string => textOf(html, 'h1');

export const countOf = (html: Html, selector: string): number => elementsOf(html, selector).length;

export const hasElement = (html: Html, selector: string): boolean => countOf(html, selector) > 0;

/** Returns an attribute of the first element that matches the selector. */
export const attributeOf = (html: Html, selector: string, name: string): string | undefined =>
  elementsOf(html, selector)[0]?.attribs[name];

/** Returns an attribute of each element that has it. */
export const attributesOf = (html: Html, selector: string, name: string): string[] =>
  elementsOf(html, selector).flatMap((element) => element.attribs[name] ?? []);

export const linksOf = (html: Html): string[] => attributesOf(html, 'a', 'href');

/** Returns the URL of the first link that matches the pattern. */
export const linkIn = (html: Html, part: string): string =>
  linksOf(html).find((link) => new RegExp(part).test(link)) ?? '';

/** Returns the link to the next page of a list. */
export const nextLink = (html: Html): string | undefined => attributeOf(html, 'a[rel~=next]', 'href');

/** Returns the text of the cells of each table row, without header rows. */
export const tableRows = (html: Html, selector = 'tr'): string[][] => {
  const $ = parse(html);
  return $(selector)
    .toArray()
    .map((row) => $(row).children('td').toArray().map(spaced))
    .filter((cells) => cells.length > 0);
};

/** Returns the hidden fields of all forms, or of those that match the selector. */
export const hiddenFields = (html: Html, within = 'form'): Record<string, string> => {
  const $ = parse(html);
  const inputs = $(within).find('input[type=hidden][name]').toArray();
  return Object.fromEntries(inputs.map(({ attribs: { name = '', value = '' } }) => [name, value]));
};

/** Returns the CSRF token of the forms on a page. */
export const csrfIn = (html: Html): string => hiddenFields(html)['csrf'] ?? '';

/** Returns the checkboxes or radio buttons with a name, and whether each is checked. */
export const choicesOf = (html: Html, name: string): { value: string; checked: boolean; disabled: boolean }[] =>
  elementsOf(html, `input[name="${name}"]`).map(({ attribs }) => ({
    value: attribs['value'] ?? 'on',
    checked: 'checked' in attribs,
    disabled: 'disabled' in attribs,
  }));

/** Returns elements and attributes that can run code. Scripts in our own files aren't among them. */
export const codeIn = (html: Html): string[] =>
  elementsOf(html, '*').flatMap(({ tagName, attribs }) => [
    ...((tagName === 'script' && !isOurScript(attribs)) || EMBEDS.has(tagName) ? [tagName] : []),
    ...Object.entries(attribs)
      .filter(([name, value]) => /^on|^srcdoc$/.test(name) || (ADDRESSES.has(name) && isCode(value)))
      .map(([name]) => `${tagName} ${name}`),
  ]);

const EMBEDS: ReadonlySet<string> = new Set(['iframe', 'object', 'embed', 'base']);
const ADDRESSES: ReadonlySet<string> = new Set(['href', 'xlink:href', 'src', 'action', 'formaction']);

/** Whether a script element has data for the page's own script, or refers to a file of ours. */
const isOurScript = ({ src, type }: Readonly<Record<string, string>>): boolean =>
  src === undefined ? type === 'application/json' : /^\/[^/]/.test(src);

function isCode(address: string): boolean {
  const protocol = URL.parse(address, 'https://here.example')?.protocol ?? '';
  return ['javascript:', 'vbscript:', 'data:'].includes(protocol);
}
