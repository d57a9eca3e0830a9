import { elementsAt, hasTimeOfDay, isEnteredInError, parseJson } from '../../../fhir/index.ts';
import { type Html, html } from '../../../kernel/index.ts';
import type { PatientPortalDeps } from '../../deps.ts';
import type { PatientPortalContext } from '../../portal-context.ts';
import type { EntryDescriber } from '../entries/entry.ts';
import { describePerson } from '../entries/people.ts';
import { type ObservedValue, observationSection, toObservedValue } from '../observation.ts';
import { loadReferenceNames } from '../reference-names.ts';
import { createResourceReader, type ResourceReader } from '../resource-reader.ts';
import { renderFlag } from '../results/results-table.ts';
import { RECORD_SECTIONS, type RecordSectionName } from '../sections.ts';

/** An entry as one item of a list that has entries of several sections. */
export interface RecordItem {
  readonly section: RecordSectionName;
  readonly title: string;
  /** Formatted date. undefined if no date is recorded, and empty if entries of this kind have no date. */
  readonly date: string | undefined;
  /** Whether the date by which the entry is sorted has a time of day. */
  readonly hasTime: boolean;
  /** Status and notes, such as that the entry was ruled out. */
  readonly notes: readonly string[];
  /** Set if the entry is an observation. */
  readonly value?: ObservedValue;
  /** Ids of the observations that are the results of a report. Empty for a report that was entered in error. */
  readonly resultIds: readonly string[];
  readonly results: string | undefined;
}

const DESCRIBERS: ReadonlyMap<string, readonly [RecordSectionName, EntryDescriber]> = new Map([
  ...Object.entries(RECORD_SECTIONS).flatMap(([name, groups]) =>
    groups.map(({ type, describe }) => [type, [name as RecordSectionName, describe]] as const),
  ),
  ['RelatedPerson', ['people', describePerson]],
]);

/** All types whose entries can be items. */
export const ITEM_TYPES: readonly string[] = [...DESCRIBERS.keys(), 'Observation'];

/** Creates a reader with the names to which the entries refer. An observation is described without any. */
export async function createItemReader(
  deps: Pick<PatientPortalDeps, 'db'>,
  context: PatientPortalContext,
  rows: readonly { readonly type: string; readonly content: string }[],
): Promise<ResourceReader> {
  const { patientRecord } = context.messages;
  const referring = rows.filter(({ type }) => type !== 'Observation');
  const reader = createResourceReader(context, patientRecord);
  return createResourceReader(
    context,
    patientRecord,
    await loadReferenceNames(deps, context.accountRecord, referring, reader),
  );
}

/**
 * Describes an entry as an item. The item says the status that the entry has in its section.
 * @returns undefined for an observation that was entered in error or that only groups others
 */
export function toRecordItem(
  { type, content }: { readonly type: string; readonly content: string },
  reader: ResourceReader,
): RecordItem | undefined {
  const resource = parseJson(content);
  if (type === 'Observation') return toObservationItem(resource, reader);
  const known = DESCRIBERS.get(type);
  if (known === undefined) return undefined;
  const [section, describe] = known;
  const { labels, notNamed } = reader.messages;
  const { title = notNamed, date, facts } = describe(resource, reader);
  const textsOf = (...names: readonly string[]) =>
    facts.flatMap(([name, text]) => (names.includes(name) && text !== undefined && text !== '' ? [text] : []));
  const [results] = type === 'DiagnosticReport' ? textsOf(labels.results) : [];
  return {
    section,
    title,
    date,
    hasTime: hasTimeOfDay(type, resource),
    notes: textsOf('', labels.status),
    results,
    resultIds: resultIds(type, resource),
  };
}

function toObservationItem(resource: unknown, reader: ResourceReader): RecordItem | undefined {
  const value = toObservedValue(resource, reader);
  if (value === undefined) return undefined;
  const section = observationSection(resource);
  const hasTime = hasTimeOfDay('Observation', resource);
  return { section, title: value.name, date: value.when, hasTime, notes: [], value, resultIds: [], results: undefined };
}

const resultIds = (type: string, resource: unknown): readonly string[] =>
  type !== 'DiagnosticReport' || isEnteredInError(resource)
    ? []
    : elementsAt(resource, 'result.reference').flatMap((reference) =>
        typeof reference === 'string' ? [reference.replace(/^Observation\//, '')] : [],
      );

/** Renders the title of an item with its section, status and notes, or the value of an observation. */
export function renderItem(
  { messages, basePath }: PatientPortalContext,
  { section, title, date, notes, value, results }: RecordItem,
): Html {
  const { patientRecord: w } = messages;
  const name = html`<b>${title}</b>${value === undefined ? '' : html`: ${value.value} ${renderFlag(value)}`}`;
  const about = notes.join('. ');
  return html`
<p class="item-title">${name}</p>
<p class="hint"><a href="${basePath}/record/${section}">${w.sections[section]}</a>${date === '' ? '' : html` · ${date ?? w.dateUnknown}`}${about === '' ? '' : html` · ${about}`}</p>
${results === undefined ? '' : html`<p class="hint">${w.labels.results}: ${results}</p>`}`;
}
