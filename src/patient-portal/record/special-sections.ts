import {
  listDirectoryReferences,
  listRecordEntries,
  listRecordObservations,
  listReportPanels,
  type ObservationKind,
  parseJson,
  readDirectoryEntries,
  type StoredEntry,
} from '../../fhir/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import type { PatientPortalDeps } from '../deps.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { describePatient, describePerson } from './entries/people.ts';
import { describeRows, type RenderedSection } from './list-section.ts';
import { toObservedValue } from './observation.ts';
import { renderObservationPage, renderResultsPage } from './observation-section.ts';
import { createResourceReader } from './resource-reader.ts';
import { findPanels } from './results/panels.ts';
import { emptySectionText, renderEntryList, renderSection } from './section-page.ts';
import { groupIntoSeries } from './series.ts';

/** Maximum number of observations that are read for charts and tables. */
const MAX_OBSERVATIONS = 3000;
const MAX_FAMILY = 100;
/** Maximum number of reports that are read for the names of panels. */
const MAX_REPORTS = 1000;

export async function renderAboutSection(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
): Promise<RenderedSection> {
  const found = await listRecordEntries(deps.db, context.accountRecord, 'Patient', { limit: 5 });
  // After a merge of duplicate records, the record has several Patient resources. The one in use comes first.
  const isCurrent = ({ id }: { readonly id: string }) => Number(id === context.record.patientId);
  const rows = [...found].sort((one, other) => isCurrent(other) - isCurrent(one));
  const entries = await describeRows(deps, context, rows, describePatient);
  const content =
    entries.length === 0 ? emptySectionText(context, 'about') : html`${renderEntryList(context, entries)}`;
  return { html: renderSection(context, { name: 'about', content }), counts: [['Patient', rows.length]] };
}

export async function renderPeopleSection(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
): Promise<RenderedSection> {
  const { people: w } = context.messages.patientRecord;
  const { db } = deps;
  const family = await listRecordEntries(db, context.accountRecord, 'RelatedPerson', { limit: MAX_FAMILY });
  const directory = await readDirectoryEntries(
    db,
    context.accountRecord,
    await listDirectoryReferences(db, context.accountRecord),
  );
  const groups: readonly (readonly [string, readonly StoredEntry[]])[] = [
    [w.family, family],
    [w.clinicians, directory.filter(({ type }) => type === 'Practitioner')],
    [w.places, directory.filter(({ type }) => type !== 'Practitioner')],
  ];
  const content: Html[] = [];
  for (const [title, rows] of groups.filter((group) => group[1].length > 0)) {
    const entries = await describeRows(deps, context, rows, describePerson);
    content.push(html`<h2 class="group">${title}</h2>${renderEntryList(context, entries, 'h3')}`);
  }
  return {
    html: renderSection(context, {
      name: 'people',
      content: content.length === 0 ? emptySectionText(context, 'people') : html`${content}`,
    }),
    counts: countByType([...family, ...directory]),
  };
}

const countByType = (rows: readonly { readonly type: string }[]): RenderedSection['counts'] => {
  const byType = Map.groupBy(rows, ({ type }) => type);
  return byType.size === 0 ? [['RelatedPerson', 0]] : [...byType].map(([type, own]) => [type, own.length]);
};

export const OBSERVATION_SECTIONS: readonly ObservationKind[] = ['measurements', 'results', 'other'];

export async function renderObservationSection(
  name: ObservationKind,
  { db }: PatientPortalDeps,
  context: PatientPortalContext,
): Promise<RenderedSection> {
  const rows = await listRecordObservations(db, context.accountRecord, name, MAX_OBSERVATIONS + 1);
  const reader = createResourceReader(context, context.messages.patientRecord);
  const resources = rows.slice(0, MAX_OBSERVATIONS).map(({ content }) => parseJson(content));
  const values = resources.flatMap((resource) => toObservedValue(resource, reader) ?? []);
  const truncatedAt = rows.length > MAX_OBSERVATIONS ? MAX_OBSERVATIONS : undefined;
  const section = { name, series: groupIntoSeries(values), truncatedAt };
  const observed = ['Observation', values.length] as const;
  if (name !== 'results') return { html: renderObservationPage(context, section), counts: [observed] };
  const reports = values.length === 0 ? [] : await listReportPanels(db, context.accountRecord, MAX_REPORTS);
  const panels = findPanels(resources, reports, reader);
  return { html: renderResultsPage(context, section, panels), counts: [observed] };
}
