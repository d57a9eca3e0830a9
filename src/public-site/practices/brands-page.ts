import {
  type BrandOrganization,
  BUNDLE_PATH,
  bundleEndpoints,
  bundleOrganizations,
  type PublishedBrandsVersion,
  R4_PATH,
  SYSTEMS,
} from '../../brands/index.ts';
import { formatLongDate, getMessages, type PageContext } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { type PublicPageContext, pagination } from '../../web-pages/index.ts';
import { publicPage } from '../layout/public-page.ts';
import { matchesWords, searchForm } from '../layout/search.ts';
import { parseWebAddress } from '../layout/web-address.ts';

const PATH = '/service-base-urls';

const PAGE_SIZE = 50;

/**
 * Renders the published bundle of practice brands as a page.
 * @param selection `words` are the searched words; `page` is the number of the page of results, from 1
 */
export function brandsPage(
  context: PublicPageContext,
  published: PublishedBrandsVersion | undefined,
  { words, page: requested }: { readonly words: string; readonly page: number },
): Html {
  const { brands: w } = getMessages(context.language).publicSite;
  const all = published === undefined ? [] : bundleOrganizations(published.bundle).filter(isPractice);
  const found = words === '' ? all : all.filter((brand) => matchesWords(words, searchableTexts(brand)));
  const pages = Math.max(1, Math.ceil(found.length / PAGE_SIZE));
  const page = Math.min(requested, pages);
  const visible = found.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  const body = html`
<h1>${w.title}</h1>
<p class="lead">${w.lead}</p>
${published === undefined ? html`<div class="empty-state"><p>${w.none}</p></div>` : ''}
${published === undefined ? '' : addressList(context, published)}
${all.length === 0 ? '' : searchForm(context, { path: PATH, label: w.field, hint: w.hint, words })}
${all.length === 0 ? '' : html`<h2>${found.length === 0 ? w.noneFound(words) : w.count(found.length)}</h2>`}
<ul class="list practices">${visible.map((brand) => brandItem(context, brand))}</ul>
${pagination(context, { path: PATH, query: words === '' ? {} : { q: words }, page, pages })}
${published === undefined ? '' : html`<p class="muted">${w.updated(formatLongDate(context.language, published.publishedAt, 'UTC'))}</p>`}`;
  return publicPage(context, { title: w.title, body, here: PATH });
}

function addressList(context: PageContext, { bundle }: PublishedBrandsVersion): Html {
  const { brands: w } = getMessages(context.language).publicSite;
  const rows = bundleEndpoints(bundle).map(
    ({ name = '', address = '' }) => html`<dt>${name}</dt><dd><code class="long">${address}</code></dd>`,
  );
  return html`
<section class="note"><h2>${w.addresses}</h2><p>${w.addressesHint}</p>
<dl>${rows}</dl>
<p><a href="${BUNDLE_PATH}">${w.bundle}</a> · <a href="${R4_PATH}">${w.r4Bundle}</a> · <a href="/developer">${w.developers}</a></p></section>`;
}

/** Returns whether a brand is that of a practice. The installation's own brand isn't, so the page doesn't list it. */
const isPractice = ({ meta, identifier = [] }: BrandOrganization): boolean =>
  meta?.tag !== undefined || identifier.some(({ system }) => system === SYSTEMS.npi);

const searchableTexts = ({ name, alias = [], address = [], identifier = [] }: BrandOrganization) => [
  name,
  ...alias,
  ...address.map(({ text }) => text),
  ...identifier.map(({ value }) => value),
];

function brandItem(context: PageContext, brand: BrandOrganization): Html {
  const { brands: w } = getMessages(context.language).publicSite;
  const { name = '', alias = [], address = [], telecom = [], identifier = [], partOf, meta } = brand;
  const site = parseWebAddress(telecom[0]?.value);
  const npi = identifier.find(({ system }) => system === SYSTEMS.npi)?.value;
  const facts = [
    [w.otherNames, alias.length === 0 ? undefined : html`${alias.join(', ')}`],
    [w.locations, address.length === 0 ? undefined : html`${address.map(({ text = '' }) => text).join('; ')}`],
    [
      w.website,
      site === undefined ? undefined : html`<a href="${site.href}" rel="noopener noreferrer">${site.host}</a>`,
    ],
    [w.npi, npi === undefined ? undefined : html`${npi}`],
    [w.partOf, partOf?.display === undefined ? undefined : html`${partOf.display}`],
    [w.portal, meta?.tag === undefined ? html`<a href="/account">${w.portalLink}</a>` : undefined],
  ] as const;
  const rows = facts.flatMap(([label, value]) =>
    value === undefined ? [] : [html`<div><dt>${label}</dt><dd>${value}</dd></div>`],
  );
  return html`
<li><h3>${name}</h3>${meta?.tag === undefined ? '' : html`<p>${w.sandbox}</p>`}${rows.length === 0 ? '' : html`<dl class="facts">${rows}</dl>`}</li>`;
}
