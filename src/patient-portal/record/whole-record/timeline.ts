import {
  type DatedStoredEntry,
  isStoredEntryPosition,
  listTimeline,
  type TimelinePosition,
} from '../../../fhir/index.ts';
import { formatMonth } from '../../../i18n/index.ts';
import { attribute, emptyHtml, type Html, html } from '../../../kernel/index.ts';
import { toIsoDate } from '../../date-format.ts';
import type { PatientPortalDeps } from '../../deps.ts';
import { type PatientPortalContext, singleValue } from '../../portal-context.ts';
import { backLink, renderPortalPage } from '../../portal-page.ts';
import type { RenderedSection } from '../list-section.ts';
import { renderFlag } from '../results/results-table.ts';
import { olderLink } from '../section-page.ts';
import { createItemReader, type RecordItem, renderItem, toRecordItem } from './record-item.ts';

/** Kinds of entries of the timeline, with their types. Entries without a date of their own, such as devices, are absent. */
const KINDS = {
  visits: ['Encounter', 'Appointment'],
  results: ['DiagnosticReport', 'Observation'],
  procedures: ['Procedure'],
  medicines: ['MedicationRequest', 'MedicationStatement', 'MedicationDispense', 'MedicationAdministration'],
  vaccinations: ['Immunization'],
  problems: ['Condition', 'AllergyIntolerance'],
  plans: ['ServiceRequest', 'CarePlan', 'Goal'],
  documents: ['DocumentReference', 'Media', 'QuestionnaireResponse'],
} as const;
type TimelineKind = keyof typeof KINDS;
const KIND_NAMES = Object.keys(KINDS) as readonly TimelineKind[];

const PAGE_SIZE = 100;
/** Maximum number of values of one date or report that are shown. */
const MAX_VALUES = 12;

export interface TimelineRequest {
  readonly kind: TimelineKind | undefined;
  readonly before: TimelinePosition | undefined;
}

/** Parses the query of the timeline. Anything invalid counts as absent. */
export function parseTimelineRequest(query: { readonly kind?: unknown; readonly before?: unknown }): TimelineRequest {
  const [position = '', id = '', type = ''] = (singleValue(query.before) ?? '').split('/');
  const isValid = isStoredEntryPosition({ position, id }) && /^[A-Za-z]{1,40}$/.test(type);
  return {
    kind: KIND_NAMES.find((name) => name === query.kind),
    before: isValid ? { position, id, type } : undefined,
  };
}

/** Renders a page of the timeline: the entries of all sections by date, newest first, grouped by month. */
export async function renderTimeline(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  { kind, before }: TimelineRequest,
): Promise<RenderedSection> {
  const types = kind === undefined ? Object.values(KINDS).flat() : KINDS[kind];
  const found = await listTimeline(deps.db, context.accountRecord, types, { after: before, limit: PAGE_SIZE + 1 });
  const rows = found.slice(0, PAGE_SIZE);
  const months = groupByMonth(context, await describeItems(deps, context, rows));
  const last = found.length > PAGE_SIZE ? rows.at(-1) : undefined;
  const { messages, basePath } = context;
  const { timeline: w, title, nothing } = messages.patientRecord;
  const body = html`
${backLink(`${basePath}/record`, messages.record)}
<h1>${w.title}</h1>
<p class="lead">${w.lead}</p>
${kindChoices(context, kind)}
${before === undefined ? '' : html`<p class="screen"><a href="${timelinePath(context, kind)}">${w.newest}</a></p>`}
${months.length === 0 ? html`<p class="empty-state">${nothing}</p>` : months.map((month) => renderMonth(context, month))}
${olderLink(context, last && timelinePath(context, kind, last))}`;
  const page = renderPortalPage(context, {
    title: `${w.title} – ${title(context.patientName)}`,
    body,
    section: '/record',
  });
  const byType = Map.groupBy(rows, ({ type }) => type);
  return { html: page, counts: [...byType].map(([type, own]) => [type, own.length]) };
}

function timelinePath(
  { basePath }: PatientPortalContext,
  kind: TimelineKind | undefined,
  after?: TimelinePosition,
): string {
  const query = new URLSearchParams({
    ...(kind && { kind }),
    ...(after && { before: `${after.position}/${after.id}/${after.type}` }),
  }).toString();
  return `${basePath}/record/timeline${query === '' ? '' : `?${query}`}`;
}

function kindChoices(context: PatientPortalContext, shown: TimelineKind | undefined): Html {
  const { timeline: w, filter } = context.messages.patientRecord;
  const choice = (kind: TimelineKind | undefined, text: string): Html =>
    html`<li><a href="${timelinePath(context, kind)}" ${attribute('aria-current', kind === shown && 'true')}>${text}</a></li>`;
  const note = shown === undefined ? emptyHtml : html`<p class="hint">${filter.shown(w.kinds[shown])}</p>`;
  return html`
<nav class="pills" aria-label="${filter.label}"><ul>${choice(undefined, filter.all)}${KIND_NAMES.map((kind) => choice(kind, w.kinds[kind]))}</ul></nav>${note}`;
}

interface DatedItem extends RecordItem {
  readonly type: string;
  readonly id: string;
  /** Day by which items are sorted, such as 2026-01-31. Empty if there is no date. */
  readonly day: string;
}

async function describeItems(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  rows: readonly DatedStoredEntry[],
): Promise<readonly DatedItem[]> {
  const reader = await createItemReader(deps, context, rows);
  const items = rows.flatMap((row) => {
    const item = toRecordItem(row, reader);
    return item === undefined
      ? []
      : [{ ...item, type: row.type, id: row.id, day: dayOf(row.position, item, context.record.timeZone) }];
  });
  // The database sorts by time in UTC, in which a visit late in the day comes after a date without a time of the next day.
  return items.toSorted((one, other) => (one.day === other.day ? 0 : one.day < other.day ? 1 : -1));
}

/**
 * Returns the day of a position in the practice's time zone. The position of a date without a time is at midnight UTC,
 * and it is the same day everywhere.
 */
function dayOf(position: string, { hasTime }: RecordItem, zone: string): string {
  if (position.endsWith('infinity')) return '';
  if (!hasTime && position.includes(' 00:00:00+00')) return position.slice(0, 10);
  return toIsoDate(new Date(position.replace(' ', 'T').replace(/\+00$/, 'Z')), zone);
}

interface TimelineMonth {
  readonly title: string;
  readonly items: readonly DatedItem[];
}

/** Groups items by month. An item of which only the year is known is under the year. */
function groupByMonth(
  { pageContext, messages }: PatientPortalContext,
  items: readonly DatedItem[],
): readonly TimelineMonth[] {
  const monthOf = ({ day, date }: DatedItem): string => {
    if (day === '') return messages.patientRecord.dateUnknown;
    if (date !== undefined && /^\d{4}$/.test(date)) return date;
    const month = formatMonth(pageContext.language, new Date(`${day.slice(0, 7)}-01T00:00:00Z`));
    // `Intl` writes Spanish months in lower case, but a heading starts with a capital letter.
    return month.charAt(0).toUpperCase() + month.slice(1);
  };
  return [...Map.groupBy(items, monthOf)].map(([title, own]) => ({ title, items: own }));
}

function renderMonth(context: PatientPortalContext, { title, items }: TimelineMonth): Html {
  const byId = new Map(items.filter(({ value }) => value !== undefined).map((item) => [item.id, item]));
  // The results of a report are shown with the report and not a second time.
  const reported = new Set(items.flatMap(({ resultIds }) => resultIds));
  const shown = items.filter(({ id, value }) => value === undefined || !reported.has(id));
  // The date is compared as it is shown, so that a value of a month isn't shown with those of the month's first day.
  const groups = Map.groupBy(shown, ({ type, id, date, section, value }) =>
    value === undefined ? `${type}/${id}` : `${date ?? ''} ${section}`,
  );
  const listed = [...groups.values()].map((own) => html`<li>${renderGroup(context, own, byId)}</li>`);
  return html`
<h2 class="group">${title}</h2><ol class="timeline">${listed}</ol>`;
}

/** Renders one item, or the observations of one section and date as one. */
function renderGroup(
  context: PatientPortalContext,
  items: readonly DatedItem[],
  byId: ReadonlyMap<string, DatedItem>,
): Html {
  const [first, ...others] = items;
  if (first === undefined) return emptyHtml;
  const { messages, basePath } = context;
  const { patientRecord: w } = messages;
  const results = first.resultIds.flatMap((id) => byId.get(id) ?? []);
  // If the results of a report are on another page, the report's own text has them.
  if (results.length > 0)
    return html`${renderItem(context, { ...first, results: undefined })}${renderValues(context, results, first.date)}`;
  if (others.length === 0) return renderItem(context, first);
  return html`
<p class="item-title"><b>${w.timeline.valuesOf(w.sections[first.section], items.length)}</b></p>
<p class="hint"><a href="${basePath}/record/${first.section}">${w.sections[first.section]}</a> · ${first.date ?? w.dateUnknown}</p>
${renderValues(context, items, first.date)}`;
}

/**
 * Renders observations as a list of values.
 * @param listDate date that is shown above the list. A value with another date is shown with its own
 */
function renderValues(
  { messages }: PatientPortalContext,
  items: readonly RecordItem[],
  listDate: string | undefined,
): Html {
  const { timeline: w, dateUnknown } = messages.patientRecord;
  const values = items.slice(0, MAX_VALUES).map(({ title, value, date = dateUnknown }) => {
    const own = date === (listDate ?? dateUnknown) ? emptyHtml : html`<span class="hint">· ${date}</span>`;
    return html`<li>${title}: ${value?.value ?? ''} ${value && renderFlag(value)} ${own}</li>`;
  });
  const more = items.length - values.length;
  return html`<ul class="values">${values}${more > 0 && html`<li>${w.more(more)}</li>`}</ul>`;
}
