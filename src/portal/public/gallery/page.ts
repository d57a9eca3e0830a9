import { html } from 'ghtml';
import { DATA_USE_QUESTIONS, type DataUse, parseScopes } from '../../../access/index.ts';
import { plainLine } from '../../../kernel/index.ts';
import { type ServedTypes, sharedKinds } from '../../../oauth/index.ts';
import { type Frame, type Language, wordsIn } from '../../../words/index.ts';
import { publicPage } from '../page/public-page.ts';
import { searchForm } from '../page/search.ts';
import { webAddress } from '../page/web-address.ts';
import type { ListedApp } from './store.ts';

export interface GalleryPage {
  /** Apps that match the search. */
  readonly found: readonly ListedApp[];
  /** Whether any app is listed. */
  readonly any: boolean;
  readonly words: string;
  /** Starts at 1. */
  readonly page: number;
  readonly types: ServedTypes;
}

export const PATH = '/apps';
const ON_A_PAGE = 24;

/** Returns the kinds of data that an app requests, in the words of the consent page. */
export const asksFor = ({ scope }: ListedApp, types: ServedTypes, language: Language): readonly string[] =>
  sharedKinds(parseScopes(scope).scopes, types, language);

export function galleryPage(context: Frame, gallery: GalleryPage): string {
  const { gallery: w } = wordsIn(context.language).publicPages;
  const { found, any, words, types } = gallery;
  const pages = Math.max(1, Math.ceil(found.length / ON_A_PAGE));
  const page = Math.min(gallery.page, pages);
  const visible = found.slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE);
  const body = html`
<h1>${w.title}</h1>
<p class="lead">${w.lead}</p>
!${any ? html`<p>${w.begin}</p>` : html`<div class="note"><p>${w.none}</p></div>`}
!${any ? searchForm(context, { path: PATH, label: w.field, hint: w.hint, words }) : ''}
!${any ? html`<h2>${found.length === 0 ? w.noneFound(words) : w.count(found.length)}</h2>` : ''}
<ul class="list apps">!${visible.map((app, index) => appItem(context, app, types, index)).join('')}</ul>
!${pages === 1 ? '' : pager(context, words, page, pages)}
!${any ? html`<p class="quiet">${w.fine}</p>` : ''}`;
  return publicPage(context, { title: w.title, body, wide: true, here: PATH });
}

function appItem(context: Frame, app: ListedApp, types: ServedTypes, index: number): string {
  const { gallery: w } = wordsIn(context.language).publicPages;
  const name = plainLine(app.name, 200);
  const kinds = asksFor(app, types, context.language);
  return html`
<li><article aria-labelledby="app-${index}">
  !${app.logo === null ? '' : html`<img class="app-logo" src="${app.logo}" alt="${w.logo(name)}" width="64" height="64" loading="lazy">`}
  <div>
  <h3 id="app-${index}">${name}</h3>
  !${maker(context, app)}
  !${app.description === null ? '' : html`<p class="description">${paragraph(app.description)}</p>`}
  <dl class="facts"><div><dt>${w.asksFor}</dt><dd>${kinds.length === 0 ? w.asksForNothing : kinds.join(', ')}</dd></div></dl>
  !${dataUse(context, app.dataUse)}
  !${links(context, app)}
  </div>
</article></li>`;
}

/** Keeps line breaks and removes characters that hide text or change its direction. */
const paragraph = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => plainLine(line))
    .join('\n')
    .trim()
    .slice(0, 2000);

function maker(context: Frame, { developer, verified }: ListedApp): string {
  const { gallery: w } = wordsIn(context.language).publicPages;
  if (developer === null) return html`<p>${w.unknownMaker}</p>`;
  const made = w.madeBy(plainLine(developer, 200));
  return verified
    ? html`<p>${made} <span class="tag used">${w.verified}</span> ${w.verifiedMeans}</p>`
    : html`<p>${made}. ${w.notVerified}</p>`;
}

function dataUse(context: Frame, answered: DataUse): string {
  const { publicPages, consent } = wordsIn(context.language);
  const { dataUse: w } = consent;
  const missing = DATA_USE_QUESTIONS.filter((question) => answered[question] === undefined).length;
  if (missing === DATA_USE_QUESTIONS.length) return html`<p>${w.unanswered(missing, missing)}</p>`;
  const items = DATA_USE_QUESTIONS.map((question) => {
    const answer = answered[question];
    return html`<div><dt>${w.questions[question](undefined)}</dt><dd>${answer === undefined ? w.notAnswered : w.answers[answer]}</dd></div>`;
  });
  return html`
  <details><summary>${publicPages.gallery.dataUse}</summary><dl class="facts">!${items.join('')}</dl><p class="hint">${w.unchecked}</p></details>`;
}

function links(context: Frame, { website, policy }: ListedApp): string {
  const { gallery: w } = wordsIn(context.language).publicPages;
  const link = (address: string | null, text: string): readonly string[] => {
    const to = webAddress(address);
    if (to === undefined) return [];
    return [html`<li><a href="${to.href}" rel="noopener noreferrer nofollow">${text}</a> (${to.host})</li>`];
  };
  const items = [...link(website, w.website), ...link(policy, w.policy)];
  return html`
  !${items.length === 0 ? '' : html`<ul class="acts">!${items.join('')}</ul>`}!${policy === null ? html`<p>${w.noPolicy}</p>` : ''}`;
}

function pager(context: Frame, words: string, page: number, pages: number): string {
  const { gallery: w } = wordsIn(context.language).publicPages;
  const to = (number: number, text: string): string => {
    const query = new URLSearchParams({ ...(words === '' ? {} : { q: words }), page: String(number) });
    return html`<li><a href="${PATH}?${query}">${text}</a></li>`;
  };
  return html`
<nav class="pager" aria-label="${w.page(page, pages)}"><p>${w.page(page, pages)}</p><ul class="acts">!${page > 1 ? to(page - 1, w.previous) : ''}!${page < pages ? to(page + 1, w.next) : ''}</ul></nav>`;
}
