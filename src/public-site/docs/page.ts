import { getMessages, type PageContext } from '../../i18n/index.ts';
import { attribute, emptyHtml, type Html, html } from '../../kernel/index.ts';
import { type PublicPageContext, SEARCH_KEY_SCRIPT, searchKeySwitch } from '../../web-pages/index.ts';
import { publicPage } from '../layout/public-page.ts';
import { DOCS_SCRIPT, DOCS_STYLE } from './assets.ts';
import { GUIDE_GROUPS, type GuidePage } from './guide.ts';
import type { RenderedPage } from './markdown.ts';
import type { DocsSearchHit } from './search.ts';

export type GuidePages = ReadonlyMap<GuidePage, RenderedPage>;

/** Renders one page of the documentation. */
export function docsPage(context: PublicPageContext, pages: GuidePages, name: GuidePage): Html {
  const page = pages.get(name);
  if (page === undefined) throw new Error(`there is no page ${name}`);
  const { title, html: article } = page;
  const body = html`
${englishOnlyNote(context)}
<div class="guide">
${contents(context, page)}
<article lang="en">
${article}
${neighborLinks(context, pages, name)}
</article>
</div>`;
  return docsLayout(context, pages, { title, body, here: name });
}

/** Renders the start page of the documentation, with the list of pages or the search results. */
export function docsStartPage(
  context: PublicPageContext,
  pages: GuidePages,
  query: string,
  hits: readonly DocsSearchHit[],
): Html {
  const { docs } = getMessages(context.language);
  const found = query === '' ? '' : searchResults(context, query, hits);
  const list = GUIDE_GROUPS.map(
    (group) => html`
<h2 id="${group.name}">${docs.groups[group.name]}</h2>
<ul class="list" lang="en">
${group.pages.map((name) => html`<li><a href="/docs/${name}">${pages.get(name)?.title}</a><p>${pages.get(name)?.summary}</p></li>`)}
</ul>`,
  );
  const body = html`
<h1>${query === '' ? docs.title : docs.resultsFor(query)}</h1>
${englishOnlyNote(context)}
${query === '' ? list : found}`;
  return docsLayout(context, pages, { title: docs.title, body, here: undefined, query });
}

function searchResults(context: PageContext, query: string, hits: readonly DocsSearchHit[]): Html {
  const { docs } = getMessages(context.language);
  if (hits.length === 0) return html`<p class="lead">${docs.nothing(query)}</p>`;
  return html`
<ol class="list" lang="en">
${hits.map(
  ({ page, pageTitle, heading, slug, before, match, after }) => html`
<li><a href="/docs/${page}#${slug}">${heading === pageTitle ? heading : `${pageTitle}: ${heading}`}</a><p>${before}${match === '' ? emptyHtml : html`<mark>${match}</mark>`}${after}</p></li>`,
)}
</ol>`;
}

interface DocsLayoutInput {
  readonly title: string;
  readonly body: Html;
  readonly here: GuidePage | undefined;
  readonly query?: string;
}

function docsLayout(
  context: PublicPageContext,
  pages: GuidePages,
  { title, body, here, query = '' }: DocsLayoutInput,
): Html {
  const content = html`
<div class="docs">
${menu(context, pages, { here, query })}
<div>${body}</div>
</div>`;
  return publicPage(context, {
    title,
    body: content,
    here: '/docs',
    returnTo: ownPath(here, query),
    scripts: [DOCS_SCRIPT, SEARCH_KEY_SCRIPT],
    styles: [DOCS_STYLE],
  });
}

function ownPath(here: GuidePage | undefined, query: string): string {
  if (here !== undefined) return `/docs/${here}`;
  return query === '' ? '/docs' : `/docs?${new URLSearchParams({ q: query })}`;
}

/**
 * Renders the menu of documentation pages. Wide windows show the menu beside the text; narrow
 * windows show it as a list that opens.
 */
function menu(
  context: PageContext,
  pages: GuidePages,
  { here, query }: { readonly here: GuidePage | undefined; readonly query: string },
): Html {
  const { docs } = getMessages(context.language);
  const link = (name: GuidePage): Html =>
    html`<li><a href="/docs/${name}" ${attribute('aria-current', name === here && 'page')}>${pages.get(name)?.title}</a></li>`;
  const start = html`<ul><li><a href="/docs" ${attribute('aria-current', here === undefined && query === '' && 'page')}>${docs.start}</a></li></ul>`;
  const groups = GUIDE_GROUPS.map(
    (group) => html`<p class="group">${docs.groups[group.name]}</p><ul lang="en">${group.pages.map(link)}</ul>`,
  );
  const list = html`${start}${groups}`;
  return html`
<nav class="guide-menu" aria-label="${docs.title}" data-copy="${docs.copy}" data-copied="${docs.copied}">
<form action="/docs" role="search">
  <label for="q">${docs.search}</label>
  <div class="asking"><input type="search" id="q" name="q" value="${query}" maxlength="100" data-search><button>${docs.find}</button></div>
</form>
${searchKeySwitch(context.language)}
<details><summary>${docs.pages}</summary>${list}</details>
<div class="open">${list}</div>
</nav>`;
}

/**
 * Renders the table of contents of a page, beside the text or as a list that opens. Empty for a
 * page with fewer than two headings.
 */
function contents(context: PageContext, { sections }: RenderedPage): Html {
  const { docs } = getMessages(context.language);
  const headings = sections.filter(({ level }) => level === 2 || level === 3);
  if (headings.length < 2) return emptyHtml;
  const list = html`
<ul lang="en">${headings.map(
    ({ level, heading, slug }) => html`<li class="level-${level}"><a href="#${slug}">${heading}</a></li>`,
  )}</ul>`;
  return html`
<nav class="on-page" aria-label="${docs.onThisPage}">
<details><summary>${docs.onThisPage}</summary>${list}</details>
<div class="open"><p><b>${docs.onThisPage}</b></p>${list}</div>
</nav>`;
}

function neighborLinks({ language }: PageContext, pages: GuidePages, name: GuidePage): Html {
  const { docs } = getMessages(language);
  const names = [...pages.keys()];
  const at = names.indexOf(name);
  const link = (label: string, to: GuidePage | undefined): Html =>
    to === undefined
      ? emptyHtml
      : html`<a href="/docs/${to}"><span class="muted" lang="${language}">${label}</span> ${pages.get(to)?.title}</a>`;
  return html`<p class="neighbours">${link(docs.previous, names[at - 1])}${link(docs.next, names[at + 1])}</p>`;
}

const englishOnlyNote = ({ language }: PageContext): Html =>
  language === 'en' ? emptyHtml : html`<p class="note">${getMessages(language).docs.inEnglish}</p>`;
