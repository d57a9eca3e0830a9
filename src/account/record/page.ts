import { html } from 'ghtml';
import { isMistake } from '../../fhir/index.ts';
import { accountPage, backTo, factList } from '../page.ts';
import type { Place } from '../place.ts';
import type { EntryText } from './entries/entry.ts';
import type { SectionName } from './sections.ts';

/** Sections to list, each with its number of entries; undefined when the section isn't counted. */
export type Shown = ReadonlyMap<SectionName, number | undefined>;

export function recordPage(context: Place, sectionCounts: Shown): string {
  const { words: messages, base: basePath, who: patientName, record } = context;
  const { own: w } = messages;
  const listed = Object.entries(w.sections).filter(([name]) => sectionCounts.has(name as SectionName));
  const items = listed.map(([name, title]) => {
    const count = sectionCounts.get(name as SectionName);
    const note = count === undefined ? '' : html`<p>${count === 0 ? w.nothing : w.entries(count)}</p>`;
    return html`<li><a href="${basePath}/record/${name}">${title}</a>!${note}</li>`;
  });
  const body = html`
<h1>${w.title(patientName)}</h1>
<p>${w.lead(record.practiceName)}</p>
<ul class="list">!${items.join('')}</ul>`;
  return accountPage(context, { title: w.title(patientName), body, under: '/record' });
}

export interface SectionPage {
  readonly name: SectionName;
  /** Escaped HTML. */
  readonly content: string;
  readonly wide?: boolean;
}

export function sectionPage(context: Place, { name, content, wide = false }: SectionPage): string {
  const { words: messages, base: basePath } = context;
  const title = messages.own.sections[name];
  const lead = (messages.own.leads as Readonly<Record<string, string>>)[name];
  const body = html`
!${backTo(`${basePath}/record`, messages.record)}
<h1>${title}</h1>
!${lead === undefined ? '' : html`<p class="lead">${lead}</p>`}
!${content}`;
  return accountPage(context, { title, body, under: '/record', wide });
}

/** Text of an empty section. It must not claim more than that nothing is recorded here. */
export function nothingIn({ words: { own: w } }: Place, name: SectionName): string {
  const emptyText = (w.none as Readonly<Record<string, string>>)[name] ?? w.nothing;
  return html`<p class="lead">${emptyText}</p>`;
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
      const labeledFacts = facts.flatMap(([name, value]) =>
        value === undefined || (name === w.labels.date && value === when)
          ? []
          : [[name === '' ? w.labels.note : name, html`${value}`] as const],
      );
      return html`
<section class="entry !${isMistake(resource) ? 'mistake' : ''}">
<!${heading}>${title}</!${heading}>!${when === '' ? '' : html`<p class="hint">${when ?? w.dateUnknown}</p>`}
!${factList(labeledFacts)}!${more}
</section>`;
    })
    .join('');
}

export function olderLink({ words: { own: w } }: Place, path: string, query: string | undefined): string {
  return query === undefined
    ? ''
    : html`<p><a class="button second" rel="next" href="${path}${query}">${w.older}</a></p>`;
}
