import { isEnteredInError, listDirectoryReferences, parseJson, readDirectoryEntries } from '../../../fhir/index.ts';
import { type Html, html } from '../../../kernel/index.ts';
import type { PatientPortalDeps } from '../../deps.ts';
import type { PatientPortalContext } from '../../portal-context.ts';
import type { EntryDescriber } from '../../record/entries/entry.ts';
import { describePatient, describePerson } from '../../record/entries/people.ts';
import { describeRows } from '../../record/list-section.ts';
import { narrativeText } from '../../record/narrative.ts';
import { observationSection, toObservedValue } from '../../record/observation.ts';
import { loadReferenceNames } from '../../record/reference-names.ts';
import { createResourceReader } from '../../record/resource-reader.ts';
import { formatReferences, resourceTitle } from '../../record/resource-titles.ts';
import { renderEntryList } from '../../record/section-page.ts';
import { readAllOfType } from '../../record/section-rows.ts';
import type { SectionGroup } from '../../record/sections.ts';
import type { DocumentEmbedder } from './documents.ts';

/** Number of entries that are rendered at a time. It bounds the memory and how long other requests wait. */
const CHUNK_SIZE = 50;

export interface FileDeps {
  readonly deps: PatientPortalDeps;
  readonly context: PatientPortalContext;
  readonly embed: DocumentEmbedder;
}

type Rows = readonly { readonly type: string; readonly id: string; readonly content: string }[];

/** Yields all entries of a type in parts, newest first. */
const readChunks = ({ deps, context }: FileDeps, type: string): AsyncGenerator<Rows> =>
  readAllOfType(deps.db, context.accountRecord, type, CHUNK_SIZE);

/** Yields the entries of a section that lists resources, with their documents. */
export async function* listEntries(file: FileDeps, groups: readonly SectionGroup[]): AsyncGenerator<Html> {
  const { deps, context } = file;
  // Past and coming appointments are two groups of one type, which the file lists once.
  const types = new Map(groups.map((group) => [group.type, group]));
  for (const { type, describe } of types.values()) {
    for await (const rows of readChunks(file, type)) yield await renderEntries(file, rows, { type, describe });
  }
  async function renderEntries(
    { embed }: FileDeps,
    rows: Rows,
    { type, describe }: { readonly type: string; readonly describe: EntryDescriber },
  ): Promise<Html> {
    const entries = await describeRows(deps, context, rows, describe);
    const complete = [];
    for (const entry of entries) complete.push({ ...entry, more: await embed(type, entry.resource) });
    return renderEntryList(context, complete, 'h3');
  }
}

/** Yields the patient's own details. After a merge of duplicates, the record has several Patient resources. */
export async function* aboutEntries(file: FileDeps): AsyncGenerator<Html> {
  for await (const rows of readChunks(file, 'Patient'))
    yield renderEntryList(file.context, await describeRows(file.deps, file.context, rows, describePatient), 'h3');
}

/** Yields family members and caregivers, then the clinicians and places of the practice's directory. */
export async function* peopleEntries(file: FileDeps): AsyncGenerator<Html> {
  const { deps, context } = file;
  const { accountRecord } = context;
  const render = async (rows: Rows): Promise<Html> =>
    renderEntryList(context, await describeRows(deps, context, rows, describePerson), 'h3');
  for await (const rows of readChunks(file, 'RelatedPerson')) if (rows.length > 0) yield await render(rows);
  const references = await listDirectoryReferences(deps.db, accountRecord);
  const directory = await readDirectoryEntries(deps.db, accountRecord, references);
  for (let start = 0; start < directory.length; start += CHUNK_SIZE)
    yield await render(directory.slice(start, start + CHUNK_SIZE));
}

/** Text that is in every observation of a section, so that others needn't be parsed. */
const SECTION_MARKS: Readonly<Record<string, string>> = { measurements: '"vital-signs"', results: '"laboratory"' };

/** Yields the observations of a section as one table. */
export async function* observationTable(
  file: FileDeps,
  section: 'measurements' | 'results' | 'other',
): AsyncGenerator<Html> {
  const { messages } = file.context;
  const { labels } = messages.patientRecord;
  const { columns } = messages.recordDownloads.summary;
  const reader = createResourceReader(file.context, messages.patientRecord);
  const name = section === 'measurements' ? columns.measurement : columns.test;
  let hasRows = false;
  for await (const rows of readChunks(file, 'Observation')) {
    const values = rows.flatMap(({ content }) => {
      if (!content.includes(SECTION_MARKS[section] ?? '')) return [];
      const resource = parseJson(content);
      return observationSection(resource) === section ? (toObservedValue(resource, reader) ?? []) : [];
    });
    if (values.length === 0) continue;
    if (!hasRows) yield tableStart([labels.date, name, columns.result, labels.range, labels.flag]);
    hasRows = true;
    yield html`${values.map(({ when, name: test, value, range, flag }) => tableRow([when, test, value, range?.text ?? '', flag ?? '']))}`;
  }
  if (hasRows) yield TABLE_END;
}

/** Yields who sent or changed the entries, as one table (FHIR R4 Provenance). */
export async function* sourceTable(file: FileDeps): AsyncGenerator<Html> {
  const { deps, context } = file;
  const { patientRecord, recordDownloads } = context.messages;
  const plainReader = createResourceReader(context, patientRecord);
  let hasRows = false;
  for await (const rows of readChunks(file, 'Provenance')) {
    if (!hasRows) yield tableStart([patientRecord.labels.date, patientRecord.labels.by, recordDownloads.file.sourceOf]);
    hasRows = true;
    const names = await loadReferenceNames(deps, context.accountRecord, rows, plainReader);
    const reader = createResourceReader(context, patientRecord, names);
    yield html`${rows.map(({ content }) => {
      const resource = parseJson(content);
      return tableRow([
        reader.dateAt(resource, 'recorded') ?? patientRecord.dateUnknown,
        formatReferences(resource, 'agent.who', reader) ?? patientRecord.notNamed,
        formatReferences(resource, 'target', reader) ?? patientRecord.notNamed,
      ]);
    })}`;
  }
  if (hasRows) yield TABLE_END;
}

/** Yields the entries of types that no section of the record has, such as Medication, by their title and narrative. */
export async function* otherEntries(file: FileDeps, types: readonly string[]): AsyncGenerator<Html> {
  const describe: EntryDescriber = (resource, reader) => ({
    title: resourceTitle(resource, reader),
    date: '',
    facts: [['', isEnteredInError(resource) ? reader.messages.enteredInError : narrativeText(resource)]],
  });
  for (const type of types)
    for await (const rows of readChunks(file, type))
      yield renderEntryList(file.context, await describeRows(file.deps, file.context, rows, describe), 'h3');
}

/** Start of a table whose rows are yielded one part after the other. `TABLE_END` closes it. */
const tableStart = (columns: readonly string[]): Html => html`
<div class="scroll" tabindex="0"><table><thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>`;
const TABLE_END = html`
</tbody></table></div>`;
const tableRow = (cells: readonly string[]): Html => html`
<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
