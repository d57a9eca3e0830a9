import { html } from 'ghtml';
import { layout, signOutForm, ways } from '../pages/index.ts';
import type { Place } from './place.ts';

/** The main pages of a record, each by its path after the record's. */
export const SECTIONS = ['', '/apps', '/log', '/record', '/downloads', '/receipts'] as const;
export type Section = (typeof SECTIONS)[number];

export interface AccountPage {
  readonly title: string;
  /** Escaped HTML. */
  readonly body: string;
  readonly under: Section;
  readonly wide?: boolean;
}

/** A page of one record: it says whose, wherever that could be in doubt. */
export function accountPage(place: Place, page: AccountPage): string {
  const { base, frame, words } = place;
  const links = [
    { path: base, text: words.overview },
    { path: `${base}/apps`, text: words.apps },
    { path: `${base}/log`, text: words.log },
    { path: `${base}/record`, text: words.record },
    { path: `${base}/downloads`, text: words.downloads },
    { path: `${base}/receipts`, text: words.receipts },
    { path: '/account/security', text: words.security },
  ];
  return layout(frame, {
    title: page.title,
    navigation: ways(words.ways, links, `${base}${page.under}`),
    wide: page.wide ?? false,
    body: html`!${whoseRecord(place)}!${page.body}!${signOutForm(frame, place.csrf)}`,
  });
}

function whoseRecord({ record, several, who, words, session }: Place): string {
  const note = session.published ? html`<p class="hint">${words.publishedNote}</p>` : '';
  if (who === undefined && !several) return note;
  const acts = who === undefined ? '' : html`<b>${words.actsFor(who)}</b> `;
  const other = several ? html` <a href="/account">${words.otherRecord}</a>` : '';
  return html`
<p class="person">!${acts}${words.recordAt(record.practiceName)}.!${other}</p>!${note}`;
}

export const backTo = (path: string, text: string): string => html`
<p class="back"><a href="${path}">${text}</a></p>`;

/** Facts, each with its name; what is not known is left out. @param facts values are escaped HTML */
export function factList(facts: readonly (readonly [name: string, valueHtml: string | undefined])[]): string {
  const items = facts.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [html`<dt>${name}</dt><dd>!${value}</dd>`],
  );
  return items.length === 0 ? '' : html`<dl>!${items.join('')}</dl>`;
}
