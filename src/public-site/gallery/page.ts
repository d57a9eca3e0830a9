import { DATA_USE_QUESTIONS, parseScopes } from '../../access/index.ts';
import type { AppCategory, DataUse } from '../../domain/index.ts';
import { getMessages, type Language, type PageContext } from '../../i18n/index.ts';
import { attribute, emptyHtml, type Html, html, toSingleLine } from '../../kernel/index.ts';
import { type ConnectedApp, listSharedData, type ServedTypes } from '../../oauth/index.ts';
import { appMark, type PublicPageContext, pagination } from '../../web-pages/index.ts';
import { publicPage } from '../layout/public-page.ts';
import { searchForm } from '../layout/search.ts';
import { parseWebAddress } from '../layout/web-address.ts';
import type { GalleryEntry } from './store.ts';

export interface GalleryPageInput {
  /** Apps in the gallery that match the search. */
  readonly matches: readonly GalleryEntry[];
  /** Categories that have apps that match the search words, and the chosen one. */
  readonly categories: readonly AppCategory[];
  /** Whether the gallery lists any app, regardless of the search. */
  readonly any: boolean;
  readonly words: string;
  /** The chosen category; undefined for all. */
  readonly category: AppCategory | undefined;
  /** Number of the page of results, from 1. */
  readonly page: number;
  readonly types: ServedTypes;
  /** Access of apps that the signed-in patient allowed. Empty for everyone else. */
  readonly connected: readonly ConnectedApp[];
  readonly kind: GalleryKind;
  /** Links of an empty gallery to the sandbox. */
  readonly sandboxLinks: SandboxLinks;
}

export interface SandboxLinks {
  readonly examples: boolean;
  readonly demo: boolean;
}

/** The gallery of real apps, or that of the made-up apps of the sandbox. */
export type GalleryKind = 'apps' | 'examples';
export const GALLERY_PATHS: Readonly<Record<GalleryKind, string>> = { apps: '/apps', examples: '/sandbox/apps' };
const PAGE_SIZE = 24;

/** Returns the kinds of data that an app requests, in the words of the consent page. */
export const requestedKinds = ({ scope }: GalleryEntry, types: ServedTypes, language: Language): readonly string[] =>
  listSharedData(parseScopes(scope).scopes, types, language);

export function galleryPage(context: PublicPageContext, gallery: GalleryPageInput): Html {
  const { publicSite, security } = getMessages(context.language);
  const { gallery: w } = publicSite;
  const { matches, any, words, category, kind } = gallery;
  const path = GALLERY_PATHS[kind];
  const title = kind === 'examples' ? w.examples.title : w.title;
  const pages = Math.max(1, Math.ceil(matches.length / PAGE_SIZE));
  const page = Math.min(gallery.page, pages);
  const visible = matches.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  const body = html`
${context.user?.kind === 'patient' ? html`<p class="back"><a href="/account">${security.parentPages.account}</a></p>` : ''}
<h1>${title}</h1>
${kind === 'examples' ? html`<p class="note">${w.examples.note} <a href="${GALLERY_PATHS.apps}">${w.title}</a></p>` : html`<p class="lead">${w.lead}</p>`}
${any ? kind === 'apps' && html`<p>${w.howToConnect}</p>` : emptyState(context, gallery)}
${any ? searchForm(context, { path, label: w.field, hint: w.hint, words, kept: category === undefined ? {} : { category } }) : ''}
${categoryLinks(context, gallery)}
${any ? html`<h2>${resultsHeading(context, gallery)}</h2>` : ''}
<ul class="apps">${visible.map((app, index) => appItem(context, app, gallery, index))}</ul>
${pagination(context, { path, query: toQuery(words, category), page, pages })}
${any ? html`<p class="muted">${w.disclaimer}</p>` : ''}`;
  return publicPage(context, { title, body, here: path });
}

function emptyState({ language }: PageContext, { sandboxLinks: { examples, demo } }: GalleryPageInput): Html {
  const { gallery: w } = getMessages(language).publicSite;
  return html`
<div class="empty-state"><p>${w.none}</p>
${examples && html`<p><a class="button secondary" href="${GALLERY_PATHS.examples}">${w.examples.link}</a></p>`}
${demo && html`<p><a class="button secondary" href="/demo">${w.demoLink}</a></p>`}</div>`;
}

/** Returns the parameters of the gallery's address, without those that have their default. */
const toQuery = (words: string, category: AppCategory | undefined): Readonly<Record<string, string>> => ({
  ...(words === '' ? {} : { q: words }),
  ...(category === undefined ? {} : { category }),
});

function resultsHeading({ language }: PageContext, { matches, words, category }: GalleryPageInput): string {
  const { gallery: w } = getMessages(language).publicSite;
  const name = category === undefined ? undefined : w.categories.names[category];
  if (matches.length > 0) return name === undefined ? w.count(matches.length) : w.inCategory(matches.length, name);
  return words === '' && name !== undefined ? w.noneInCategory(name) : w.noneFound(words);
}

/** Links to the categories that have apps. They keep the search words. */
function categoryLinks({ language }: PageContext, { categories, category, words, kind }: GalleryPageInput): Html {
  if (categories.length === 0) return emptyHtml;
  const { categories: w } = getMessages(language).publicSite.gallery;
  const item = (one: AppCategory | undefined, name: string): Html => {
    const query = new URLSearchParams(toQuery(words, one)).toString();
    return html`<li><a href="${GALLERY_PATHS[kind]}${query === '' ? '' : `?${query}`}" ${attribute('aria-current', one === category && 'page')}>${name}</a></li>`;
  };
  return html`
<nav class="categories" aria-label="${w.label}"><ul>${item(undefined, w.all)}${categories.map((one) => item(one, w.names[one]))}</ul></nav>`;
}

function appItem(context: PageContext, app: GalleryEntry, { types, connected }: GalleryPageInput, index: number): Html {
  const { gallery: w } = getMessages(context.language).publicSite;
  const name = toSingleLine(app.name, 200);
  const kinds = requestedKinds(app, types, context.language);
  return html`
<li><article aria-labelledby="app-${index}">
  ${app.logo === null ? appMark(name) : html`<img class="app-logo" src="${app.logo}" alt="${w.logo(name)}" width="64" height="64" loading="lazy">`}
  <div>
  <h3 id="app-${index}">${name}</h3>
  ${connection(context, app, connected)}
  ${developerText(context, app)}
  ${app.description === null ? '' : html`<p class="description">${paragraph(app.description)}</p>`}
  ${startLink(context, app, name)}
  ${facts(context, app, kinds)}
  ${dataUse(context, app.dataUse)}
  ${links(context, app)}
  </div>
</article></li>`;
}

/** Maximum number of kinds of data that are listed in full. A longer list is folded, so that apps can be compared. */
const MAX_LISTED_KINDS = 6;

function facts({ language }: PageContext, { category }: GalleryEntry, kinds: readonly string[]): Html {
  const { gallery: w } = getMessages(language).publicSite;
  const isFolded = kinds.length > MAX_LISTED_KINDS;
  const text = kinds.length === 0 ? w.noRequestedData : kinds.join(', ');
  const rows = [
    ...(category === null ? [] : [html`<div><dt>${w.category}</dt><dd>${w.categories.names[category]}</dd></div>`]),
    ...(isFolded ? [] : [html`<div><dt>${w.requestedData}</dt><dd>${text}</dd></div>`]),
  ];
  return html`
  ${rows.length === 0 ? '' : html`<dl class="facts">${rows}</dl>`}
  ${isFolded ? html`<details><summary>${w.requestedKinds(kinds.length)}</summary><p>${text}</p></details>` : ''}`;
}

/** Says that the signed-in patient connected the app, with a link to the page of the connection. */
function connection({ language }: PageContext, { clientId }: GalleryEntry, all: readonly ConnectedApp[]): Html {
  const [first, ...others] = all.filter((one) => one.clientId === clientId);
  if (first === undefined) return emptyHtml;
  const { gallery: w } = getMessages(language).publicSite;
  const { practiceId, patientId, grantId } = first;
  // A person who connected the app to several records chooses the record on the account page.
  const page = others.length === 0 ? `/account/${practiceId}-${patientId}/apps/${grantId}` : '/account';
  return html`<p><span class="tag success">${w.connected}</span> <a href="${page}">${w.connectedLink}</a></p>`;
}

function startLink({ language }: PageContext, { start }: GalleryEntry, name: string): Html {
  const target = parseWebAddress(start);
  if (target === undefined) return emptyHtml;
  const { gallery: w } = getMessages(language).publicSite;
  return html`<p class="start"><a class="button" href="${target.href}" rel="noopener noreferrer nofollow">${w.start(name)}</a> ${w.startHint(target.host)}</p>`;
}

/** Returns a description with its line breaks, but without characters that hide text or change its direction. */
const paragraph = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => toSingleLine(line))
    .join('\n')
    .trim()
    .slice(0, 2000);

function developerText(context: PageContext, { developer, verified }: GalleryEntry): Html {
  const { gallery: w } = getMessages(context.language).publicSite;
  if (developer === null) return html`<p>${w.unknownDeveloper}</p>`;
  const made = w.madeBy(toSingleLine(developer, 200));
  return verified
    ? html`<p>${made} <span class="tag used">${w.verified}</span></p>`
    : html`<p>${made}. ${w.notVerified}</p>`;
}

function dataUse(context: PageContext, answered: DataUse): Html {
  const { publicSite, consent } = getMessages(context.language);
  const { dataUse: w } = consent;
  const missing = DATA_USE_QUESTIONS.filter((question) => answered[question] === undefined).length;
  if (missing === DATA_USE_QUESTIONS.length) return html`<p>${w.unanswered(missing, missing)}</p>`;
  const items = DATA_USE_QUESTIONS.map((question) => {
    const answer = answered[question];
    return html`<div><dt>${w.questions[question](undefined)}</dt><dd>${answer === undefined ? w.notAnswered : w.answers[answer]}</dd></div>`;
  });
  return html`
  <details><summary>${publicSite.gallery.dataUse}</summary><dl class="facts">${items}</dl><p class="hint">${w.unchecked}</p></details>`;
}

function links(context: PageContext, { website, policy }: GalleryEntry): Html {
  const { gallery: w } = getMessages(context.language).publicSite;
  const link = (address: string | null, text: string): readonly Html[] => {
    const to = parseWebAddress(address);
    if (to === undefined) return [];
    return [html`<li><a href="${to.href}" rel="noopener noreferrer nofollow">${text}</a> (${to.host})</li>`];
  };
  const items = [...link(website, w.website), ...link(policy, w.policy)];
  return html`
  ${items.length === 0 ? '' : html`<ul class="actions">${items}</ul>`}${policy === null ? html`<p>${w.noPolicy}</p>` : ''}`;
}
