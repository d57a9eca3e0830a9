import { isEnteredInError } from '../../fhir/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { backLink, definitionList, renderPortalPage } from '../portal-page.ts';
import type { RecordEntryText } from './entries/entry.ts';
import type { RecordSectionName } from './sections.ts';

/** The sections to list, each with its number of entries. undefined if the entries of a section aren't counted. */
export type SectionCounts = ReadonlyMap<RecordSectionName, number | undefined>;

export function renderRecordPage(context: PatientPortalContext, sectionCounts: SectionCounts): Html {
  const { messages, basePath, patientName, record } = context;
  const { patientRecord: w } = messages;
  const listed = Object.entries(w.sections).filter(([name]) => sectionCounts.has(name as RecordSectionName));
  const items = listed.map(([name, title]) => {
    const count = sectionCounts.get(name as RecordSectionName);
    const note = count === undefined ? '' : html`<p>${count === 0 ? w.nothing : w.entries(count)}</p>`;
    return html`<li><a href="${basePath}/record/${name}">${title}</a>${note}</li>`;
  });
  const body = html`
<h1>${w.title(patientName)}</h1>
<p>${w.lead(record.practiceName)}</p>
<ul class="list">${items}</ul>`;
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
  return html`<p class="lead">${emptyText}</p>`;
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
): readonly Html[] {
  return entries.map(({ text, resource, more }) => {
    const { title = w.notNamed, date, facts } = text;
    const labeledFacts = facts.flatMap(([name, value]) =>
      value === undefined || value === '' || (name === w.labels.date && value === date)
        ? []
        : [[name === '' ? w.labels.note : name, html`${value}`] as const],
    );
    return html`
<section class="entry ${isEnteredInError(resource) && 'mistake'}">
<${heading}>${title}</${heading}>${date === '' ? '' : html`<p class="hint">${date ?? w.dateUnknown}</p>`}
${definitionList(labeledFacts)}${more}
</section>`;
  });
}

export function olderLink(
  { messages: { patientRecord: w } }: PatientPortalContext,
  path: string,
  query: string | undefined,
): Html {
  return query === undefined
    ? emptyHtml
    : html`<p><a class="button second" rel="next" href="${path}${query}">${w.older}</a></p>`;
}
