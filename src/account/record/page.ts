import { html } from 'ghtml';
import { isMistake } from '../../fhir/index.ts';
import { accountPage, backTo, factList } from '../page.ts';
import type { Place } from '../place.ts';
import type { EntryText } from './entries/entry.ts';
import type { SectionName } from './sections.ts';

/** Sections that are in the list, each with how much there is in it; undefined: that is not counted. */
export type Shown = ReadonlyMap<SectionName, number | undefined>;

export function recordPage(place: Place, shown: Shown): string {
  const { words, base, who, record } = place;
  const { own: w } = words;
  const listed = Object.entries(w.sections).filter(([name]) => shown.has(name as SectionName));
  const items = listed.map(([name, title]) => {
    const count = shown.get(name as SectionName);
    const note = count === undefined ? '' : html`<p>${count === 0 ? w.nothing : w.entries(count)}</p>`;
    return html`<li><a href="${base}/record/${name}">${title}</a>!${note}</li>`;
  });
  const body = html`
<h1>${w.title(who)}</h1>
<p>${w.lead(record.practiceName)}</p>
<ul class="list">!${items.join('')}</ul>`;
  return accountPage(place, { title: w.title(who), body, under: '/record' });
}

export interface SectionPage {
  readonly name: SectionName;
  /** Escaped HTML. */
  readonly content: string;
  readonly wide?: boolean;
}

export function sectionPage(place: Place, { name, content, wide = false }: SectionPage): string {
  const { words, base } = place;
  const title = words.own.sections[name];
  const lead = (words.own.leads as Readonly<Record<string, string>>)[name];
  const body = html`
!${backTo(`${base}/record`, words.record)}
<h1>${title}</h1>
!${lead === undefined ? '' : html`<p class="lead">${lead}</p>`}
!${content}`;
  return accountPage(place, { title, body, under: '/record', wide });
}

/** Nothing to show: said in words that claim no more than is known. */
export function nothingIn({ words: { own: w } }: Place, name: SectionName): string {
  const said = (w.none as Readonly<Record<string, string>>)[name] ?? w.nothing;
  return html`<p class="lead">${said}</p>`;
}

export interface Entry {
  readonly text: EntryText;
  readonly resource: unknown;
  /** Escaped HTML below the facts. */
  readonly more?: string;
}

export function entryList(
  { words: { own: w } }: Place,
  entries: readonly Entry[],
  heading: 'h2' | 'h3' = 'h2',
): string {
  return entries
    .map(({ text, resource, more = '' }) => {
      const { title = w.notNamed, when, facts } = text;
      const told = facts.flatMap(([name, value]) =>
        value === undefined || (name === w.labels.date && value === when)
          ? []
          : [[name === '' ? w.labels.note : name, html`${value}`] as const],
      );
      return html`
<section class="entry !${isMistake(resource) ? 'mistake' : ''}">
<!${heading}>${title}</!${heading}>!${when === '' ? '' : html`<p class="hint">${when ?? w.dateUnknown}</p>`}
!${factList(told)}!${more}
</section>`;
    })
    .join('');
}

export function olderLink({ words: { own: w } }: Place, path: string, query: string | undefined): string {
  return query === undefined
    ? ''
    : html`<p><a class="button second" rel="next" href="${path}${query}">${w.older}</a></p>`;
}
