import { html } from 'ghtml';
import { layout, signOutForm, ways } from '../pages/index.ts';
import type { Place } from './place.ts';

/** Main pages of a record: the path that follows `/account/{key}`. */
export const SECTIONS = ['', '/apps', '/log', '/record', '/downloads', '/receipts'] as const;
export type Section = (typeof SECTIONS)[number];

export interface AccountPage {
  readonly title: string;
  /** Escaped HTML. */
  readonly body: string;
  readonly under: Section;
  readonly wide?: boolean;
}

/** Renders a page about one record. The page names the patient whenever it could be unclear whose record is shown. */
export function accountPage(context: Place, page: AccountPage): string {
  const { base: basePath, frame: pageContext, words: messages } = context;
  const links = [
    { path: basePath, text: messages.overview },
    { path: `${basePath}/apps`, text: messages.apps },
    { path: `${basePath}/log`, text: messages.log },
    { path: `${basePath}/record`, text: messages.record },
    { path: `${basePath}/downloads`, text: messages.downloads },
    { path: `${basePath}/receipts`, text: messages.receipts },
    { path: '/account/security', text: messages.security },
  ];
  return layout(pageContext, {
    title: page.title,
    navigation: ways(messages.ways, links, `${basePath}${page.under}`),
    wide: page.wide ?? false,
    body: html`!${whoseRecord(context)}!${page.body}!${signOutForm(pageContext, context.csrf)}`,
  });
}

function whoseRecord({ record, several: hasOtherRecords, who: patientName, words: messages, session }: Place): string {
  const note = session.published ? html`<p class="hint">${messages.publishedNote}</p>` : '';
  if (patientName === undefined && !hasOtherRecords) return note;
  const acts = patientName === undefined ? '' : html`<b>${messages.actsFor(patientName)}</b> `;
  const other = hasOtherRecords ? html` <a href="/account">${messages.otherRecord}</a>` : '';
  return html`
<p class="person">!${acts}${messages.recordAt(record.practiceName)}.!${other}</p>!${note}`;
}

export const backTo = (path: string, text: string): string => html`
<p class="back"><a href="${path}">${text}</a></p>`;

/** Renders facts as a definition list and leaves out facts without a value. @param facts the values are escaped HTML */
export function factList(facts: readonly (readonly [name: string, valueHtml: string | undefined])[]): string {
  const items = facts.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [html`<dt>${name}</dt><dd>!${value}</dd>`],
  );
  return items.length === 0 ? '' : html`<dl>!${items.join('')}</dl>`;
}
