import { type Cheerio, type CheerioAPI, load } from 'cheerio';
import { htmlToString, type Html as Markup } from '../../../src/kernel/index.ts';

/** The HTML of a page, what a page function returns, or a response with HTML as its body. */
export type Html = string | Markup | { readonly body: string };

/**
 * Parses HTML as browsers do, including broken HTML (WHATWG HTML §13.2). Selectors are those of CSS. Don't change the
 * result: the last document is cached, because tests query a page several times.
 */
export function parse(html: Html): CheerioAPI {
  const text = typeof html === 'string' ? html : 'body' in html ? html.body : htmlToString(html);
  if (last?.text !== text) last = { text, document: load(text) };
  return last.document;
}
let last: { readonly text: string; readonly document: CheerioAPI } | undefined;

type Node = ReturnType<Cheerio<never>['contents']>[number];

const elementsOf = (html: Html, selector: string) => parse(html).root().find(selector).toArray();

/** The visible text, with one space where an element or a line ends. */
export const textOf = (html: Html, selector = 'body'): string => textsOf(html, selector)[0] ?? '';

/** The text of each element that matches the selector. */
export const textsOf = (html: Html, selector: string): string[] =>
  elementsOf(html, selector).map((element) => spaced(element));

const spaced = (node: Node): string => words(node).replaceAll(/\s+/g, ' ').trim();

function words(node: Node): string {
  if (node.type === 'text') return node.data;
  if (!('children' in node) || node.type === 'script' || node.type === 'style') return '';
  return node.children.map(words).join(' ');
}

/** The heading of a page. */
export const titleOf = (html: Html): string => textOf(html, 'h1');

export const countOf = (html: Html, selector: string): number => elementsOf(html, selector).length;

export const hasElement = (html: Html, selector: string): boolean => countOf(html, selector) > 0;

/** The attribute of the first element that matches the selector. */
export const attributeOf = (html: Html, selector: string, name: string): string | undefined =>
  elementsOf(html, selector)[0]?.attribs[name];

/** The attribute of each element that has it. */
export const attributesOf = (html: Html, selector: string, name: string): string[] =>
  elementsOf(html, selector).flatMap((element) => element.attribs[name] ?? []);

/** The href of each link. */
export const linksOf = (html: Html): string[] => attributesOf(html, 'a', 'href');

/** The href of the first link that matches the pattern. */
export const linkIn = (html: Html, part: string): string =>
  linksOf(html).find((link) => new RegExp(part).test(link)) ?? '';

/** The link to the next page of a list. */
export const nextLink = (html: Html): string | undefined => attributeOf(html, 'a[rel~=next]', 'href');

/** The text of the cells of each row that has `td` elements. */
export const tableRows = (html: Html, selector = 'tr'): string[][] => {
  const $ = parse(html);
  return $(selector)
    .toArray()
    .map((row) => $(row).children('td').toArray().map(spaced))
    .filter((cells) => cells.length > 0);
};

/** The hidden fields of all forms, or of those that match the selector. */
export const hiddenFields = (html: Html, within = 'form'): Record<string, string> => {
  const $ = parse(html);
  const inputs = $(within).find('input[type=hidden][name]').toArray();
  return Object.fromEntries(inputs.map(({ attribs: { name = '', value = '' } }) => [name, value]));
};

/** The CSRF token of the page's forms. */
export const csrfIn = (html: Html): string => hiddenFields(html)['csrf'] ?? '';

/** The checkboxes or radio buttons with this name, with their state. */
export const choicesOf = (html: Html, name: string): { value: string; checked: boolean; disabled: boolean }[] =>
  elementsOf(html, `input[name="${name}"]`).map(({ attribs }) => ({
    value: attribs['value'] ?? 'on',
    checked: 'checked' in attribs,
    disabled: 'disabled' in attribs,
  }));

/** Elements and attributes that can run code which isn't in a file of ours. */
export const codeIn = (html: Html): string[] =>
  elementsOf(html, '*').flatMap(({ tagName, attribs }) => [
    ...((tagName === 'script' && !isOurScript(attribs)) || EMBEDS.has(tagName) ? [tagName] : []),
    ...Object.entries(attribs)
      .filter(([name, value]) => /^on|^srcdoc$/.test(name) || (ADDRESSES.has(name) && isCode(value)))
      .map(([name]) => `${tagName} ${name}`),
  ]);

const EMBEDS: ReadonlySet<string> = new Set(['iframe', 'object', 'embed', 'base']);
const ADDRESSES: ReadonlySet<string> = new Set(['href', 'xlink:href', 'src', 'action', 'formaction']);

/** Data for the page's own script, or a file of ours. */
const isOurScript = ({ src, type }: Readonly<Record<string, string>>): boolean =>
  src === undefined ? type === 'application/json' : /^\/[^/]/.test(src);

function isCode(address: string): boolean {
  const protocol = URL.parse(address, 'https://here.example')?.protocol ?? '';
  return ['javascript:', 'vbscript:', 'data:'].includes(protocol);
}
