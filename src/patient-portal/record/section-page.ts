import { type BoundedCount, isEnteredInError } from '../../fhir/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { backLink, definitionList, renderPortalPage } from '../portal-page.ts';
import type { RecordEntryText } from './entries/entry.ts';
import type { SectionCounts } from './section-counts.ts';
import type { RecordSectionName } from './sections.ts';
import { searchForm } from './whole-record/search-form.ts';

/**
 * Renders the search, the link to the timeline, and the list of sections. Sections without entries come last. They are listed because it is clinically meaningful
 * that the practice sent no allergies or medicines.
 */
export function renderRecordPage(context: PatientPortalContext, sectionCounts: SectionCounts): Html {
  const { messages, basePath, patientName, record } = context;
  const { patientRecord: w } = messages;
  const sections = Object.entries(w.sections).map(([name, title]) => ({
    title,
    path: `${basePath}/record/${name}`,
    count: sectionCounts.get(name as RecordSectionName),
  }));
  const isEmpty = ({ count }: (typeof sections)[number]) => count?.entries === 0 && !count.isMinimum;
  const empty = sections.filter(isEmpty);
  const filled = sections.filter((section) => !isEmpty(section));
  const number = ({ entries, isMinimum }: BoundedCount) => (isMinimum ? w.entriesOrMore(entries) : w.entries(entries));
  const body = html`
<h1>${w.title(patientName)}</h1>
<p>${w.lead(record.practiceName)}</p>
${searchForm(context)}
<ul class="actions"><li><a class="button secondary" href="${basePath}/record/timeline">${w.timeline.open}</a></li></ul>
<ul class="cards sections">${filled.map(({ title, path, count }) => html`<li><a href="${path}">${title}</a>${count === undefined ? '' : html`<p>${number(count)}</p>`}</li>`)}</ul>
${empty.length === 0 ? '' : html`<h2 class="section-title">${w.emptySections}</h2><ul class="actions quiet-links">${empty.map(({ title, path }) => html`<li><a href="${path}">${title}</a></li>`)}</ul>`}`;
  return renderPortalPage(context, { title: w.title(patientName), body, section: '/record' });
}

export interface SectionContent {
  readonly name: RecordSectionName;
  readonly content: Html;
}

export function renderSection(context: PatientPortalContext, { name, content }: SectionContent): Html {
  const { messages, basePath } = context;
  const title = messages.patientRecord.sections[name];
  const lead = (messages.patientRecord.leads as Readonly<Record<string, string>>)[name];
  const body = html`
${backLink(`${basePath}/record`, messages.record)}
<h1>${title}</h1>
${lead === undefined ? '' : html`<p class="lead">${lead}</p>`}
${content}`;
  return renderPortalPage(context, { title, body, section: '/record' });
}

/** Returns the text of an empty section. It must not claim more than that nothing is recorded in this record. */
export function emptySectionText(
  { messages: { patientRecord: w } }: PatientPortalContext,
  name: RecordSectionName,
): Html {
  const emptyText = (w.none as Readonly<Record<string, string>>)[name] ?? w.nothing;
  return html`<p class="empty-state">${emptyText}</p>`;
}

export interface RecordEntry {
  readonly text: RecordEntryText;
  readonly resource: unknown;
  /** Content below the facts of the entry, such as links to documents. */
  readonly more?: Html;
}

export function renderEntryList(
  { messages: { patientRecord: w } }: PatientPortalContext,
  entries: readonly RecordEntry[],
  heading: 'h2' | 'h3' = 'h2',
): Html {
  const cards = entries.map(({ text, resource, more }) => {
    const { title = w.notNamed, date, facts, hiddenFacts = [] } = text;
    const labeledFacts = facts.flatMap(([name, value]) =>
      value === undefined || value === '' || (name === w.labels.date && value === date)
        ? []
        : [[name === '' ? w.labels.note : name, html`${value}`] as const],
    );
    // A details element opens without JavaScript.
    const hidden = hiddenFacts.map(
      ([name, value]) =>
        [
          name,
          html`<details><summary>${w.values.identifiers.show}<span class="visually-hidden"> (${name})</span></summary>${value}</details>`,
        ] as const,
    );
    return html`
<section class="entry ${isEnteredInError(resource) && 'mistake'}">
<div class="entry-title"><${heading}>${title}</${heading}>${date === '' ? '' : html`<p class="hint">${date ?? w.dateUnknown}</p>`}</div>
${definitionList([...labeledFacts, ...hidden])}${more}
</section>`;
  });
  return html`<div class="entry-list">${cards}</div>`;
}

/** Renders the link to older entries. On paper, a sentence says that they are missing. */
export function olderLink({ messages: { patientRecord: w } }: PatientPortalContext, address: string | undefined): Html {
  return address === undefined
    ? emptyHtml
    : html`<p><a class="button secondary" rel="next" href="${address}">${w.older}</a></p><p class="hint on-paper">${w.olderNotPrinted}</p>`;
}
