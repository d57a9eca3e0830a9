import type { BrowserResponse, PatientBrowser } from '../people/patient.ts';
import { DEEP } from '../runs/slice.ts';
import { attributesOf, linksOf } from './html.ts';

/** Broken links, each with its page and the response. */
export interface LinkReport {
  readonly broken: readonly string[];
  /** Paths that were opened, in order. */
  readonly visited: readonly string[];
}

/** Replaces ids, codes and tokens in a path. Pages with the same result come from one template. */
export const pathTemplate = ({ pathname, searchParams }: URL): string => {
  const path = pathname.replaceAll(/\/[^/]*(?:\d|[A-Za-z_-]{20,})[^/]*/g, '/*');
  return `${path}?${[...searchParams.keys()].sort().join('&')}`;
};
/** Number of pages of each template that are searched for links. */
const READ_PER_TEMPLATE = 2;
/** Number of pages of each template that are opened. A record has hundreds of similar ones. */
const OPENED_PER_TEMPLATE = DEEP ? Number.POSITIVE_INFINITY : 5;
const MAX_LINKS = 4000;

/**
 * Follows every link of these pages within this server, and the links of the pages that they lead to. Deep runs open all
 * pages of a template, other runs some.
 * @param within matches the paths of pages whose links are followed
 */
export async function followLinks(
  browser: PatientBrowser,
  origin: string,
  starts: readonly string[],
  within = /^/,
): Promise<LinkReport> {
  const broken: string[] = [];
  const pages = new Map<string, Promise<BrowserResponse>>();
  const read = new Map<string, number>();
  const opened = new Map<string, number>();
  const ids = new Map<string, ReadonlySet<string>>();
  const idsAt = (path: string, html: string): ReadonlySet<string> => {
    const known = ids.get(path) ?? new Set(attributesOf(html, '[id]', 'id'));
    ids.set(path, known);
    return known;
  };
  const queue: (readonly [from: string, link: string])[] = starts.map((path) => ['the start', path]);
  for (const [from, link] of queue) {
    if (queue.length > MAX_LINKS) throw new Error(`more than ${MAX_LINKS} links: ${link}`);
    const url = new URL(link, origin);
    if (url.origin !== origin) continue;
    const path = `${url.pathname}${url.search}`;
    const isNew = !pages.has(path);
    const shape = pathTemplate(url);
    const openedBefore = opened.get(shape) ?? 0;
    if (isNew && openedBefore >= OPENED_PER_TEMPLATE) continue;
    if (isNew) opened.set(shape, openedBefore + 1);
    const shown = pages.get(path) ?? open(browser, origin, path);
    pages.set(path, shown);
    const { status, body, headers } = await shown;
    if (status >= 400) broken.push(`${from} -> ${link}: ${status}`);
    const isPage = String(headers['content-type']).startsWith('text/html');
    if (url.hash !== '' && isPage && !idsAt(path, body).has(decodeURIComponent(url.hash.slice(1))))
      broken.push(`${from} -> ${link}: no element has this id`);
    const already = read.get(shape) ?? 0;
    const isRead = isNew && isPage && status < 400 && within.test(url.pathname);
    if (!isRead || already >= READ_PER_TEMPLATE) continue;
    read.set(shape, already + 1);
    for (const next of linksOf(body)) queue.push([path, new URL(next, url).href]);
  }
  return { broken, visited: [...pages.keys()] };
}

/** Opens a link and follows redirects within this server, in the same language. */
async function open(browser: PatientBrowser, origin: string, path: string): Promise<BrowserResponse> {
  let response = await browser.get(path);
  let { pathname } = new URL(path, origin);
  for (let step = 0; step < 5 && response.location !== undefined; step += 1) {
    const next = new URL(response.location, new URL(pathname, origin));
    if (next.origin !== origin || pathname === '/language') break;
    pathname = next.pathname;
    response = await browser.get(`${next.pathname}${next.search}`);
  }
  return response;
}

/** Returns the URLs in the plain text of an email, a receipt or a letter. */
export const urlsIn = (text: string, origin: string): readonly string[] =>
  (text.match(/https?:\/\/[^\s<>"]+/g) ?? [])
    .map((address) => address.replace(/[.,;:)]+$/, ''))
    .filter((address) => new URL(address).origin === origin);
