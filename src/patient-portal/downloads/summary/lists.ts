import { isEnteredInError, isRefuted, parseJson } from '../../../fhir/index.ts';
import { createYielder } from '../../../kernel/index.ts';
import type { PatientPortalDeps } from '../../deps.ts';
import type { PatientPortalContext } from '../../portal-context.ts';
import { loadReferenceNames } from '../../record/reference-names.ts';
import { createResourceReader, joinTexts, type ResourceReader } from '../../record/resource-reader.ts';
import { readAllOfType } from '../../record/section-rows.ts';
import { RECORD_SECTIONS, type SectionGroup } from '../../record/sections.ts';
import type { HealthSummarySection } from './content.ts';
import { BACKGROUND_LISTS, type SummaryList, URGENT_LISTS } from './list-definitions.ts';

/** Maximum number of dates in one row, for example of a vaccine that was given every year. */
const MAX_DATES = 12;

/** Loads the lists of the summary, such as allergies and vaccinations. */
export async function loadSummaryLists(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
): Promise<{ readonly urgent: readonly HealthSummarySection[]; readonly background: readonly HealthSummarySection[] }> {
  const load = async (lists: readonly SummaryList[]): Promise<readonly HealthSummarySection[]> => {
    const sections: HealthSummarySection[] = [];
    for (const list of lists) sections.push(...toSection(context, list, await readList(deps, context, list)));
    return sections;
  };
  return { urgent: await load(URGENT_LISTS), background: await load(BACKGROUND_LISTS) };
}

interface EntryDate {
  readonly text: string | undefined;
  /** Start of the date in milliseconds since 1970. undefined if the list doesn't need it or the text isn't a date. */
  readonly start: number | undefined;
}

interface ListContent {
  /** Cells and dates of each row, by the text of the cells that must be the same. */
  readonly rows: Map<string, { readonly cells: readonly (string | undefined)[]; readonly dates: EntryDate[] }>;
  readonly ruledOut: Set<string>;
  /** Number of entries that would be listed if the table had no maximum. */
  cut: number;
  /** Number of entries that aren't listed because they aren't current. */
  others: number;
}

async function readList(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  list: SummaryList,
): Promise<ListContent> {
  const content: ListContent = { rows: new Map(), ruledOut: new Set(), cut: 0, others: 0 };
  const groups = RECORD_SECTIONS[list.section] ?? [];
  for (const group of groups.filter(({ type }) => list.types === undefined || list.types.includes(type)))
    await readGroup(deps, context, { list, group, content });
  return content;
}

interface GroupRead {
  readonly list: SummaryList;
  readonly group: SectionGroup;
  readonly content: ListContent;
}

async function readGroup(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  { list, group, content }: GroupRead,
): Promise<void> {
  const { patientRecord } = context.messages;
  const now = deps.clock.now();
  const yieldWhenDue = createYielder();
  const plainReader = createResourceReader(context, patientRecord);
  for await (const rows of readAllOfType(deps.db, context.accountRecord, group.type)) {
    const listed: { readonly content: string; readonly resource: unknown }[] = [];
    for (const row of rows) {
      await yieldWhenDue();
      const resource = parseJson(row.content);
      if (isEnteredInError(resource)) continue;
      if (isRefuted(resource)) addRuledOut(content, group.describe(resource, plainReader).title);
      else if (list.isListed(resource, now)) listed.push({ content: row.content, resource });
      else if (list.isListedElsewhere?.(resource, now) !== true) content.others += 1;
    }
    const names =
      content.rows.size < list.maxRows
        ? await loadReferenceNames(deps, context.accountRecord, listed, plainReader)
        : new Map<string, string>();
    const reader = createResourceReader(context, patientRecord, names);
    for (const { resource } of listed) {
      await yieldWhenDue();
      addRow(context, { list, group, content }, { resource, reader });
    }
  }
}

function addRuledOut({ ruledOut }: ListContent, title: string | undefined): void {
  if (title !== undefined && ruledOut.size < 20) ruledOut.add(title);
}

function addRow(
  { messages }: PatientPortalContext,
  { list, group, content }: GroupRead,
  { resource, reader }: { readonly resource: unknown; readonly reader: ResourceReader },
): void {
  const entry = { resource, text: group.describe(resource, reader) };
  const texts = { record: messages.patientRecord, summary: messages.recordDownloads.summary };
  const cells = list.columns.map((column) => column.text(entry, reader, texts));
  const dateIndex = list.columns.findIndex(({ isDate }) => isDate === true);
  const key = JSON.stringify(
    cells.map((cell, index) => (index === dateIndex && list.dates !== 'each' ? '' : (cell ?? ''))),
  );
  const date = { text: cells[dateIndex], start: list.columns[dateIndex]?.dateStart?.(resource) };
  const same = content.rows.get(key);
  if (same !== undefined) same.dates.push(date);
  else if (content.rows.size < list.maxRows) content.rows.set(key, { cells, dates: [date] });
  else content.cut += 1;
}

function toSection(
  { messages }: PatientPortalContext,
  list: SummaryList,
  content: ListContent,
): readonly HealthSummarySection[] {
  const { patientRecord: record, recordDownloads } = messages;
  const { summary } = recordDownloads;
  const texts = { record, summary };
  const rows = [...content.rows.values()];
  if (rows.length === 0 && list.isOptional === true) return [];
  const others = list.othersNote === 'notCurrent' ? content.others : 0;
  const more = content.cut + (list.othersNote === 'more' ? content.others : 0);
  const notes = [
    ...(list.namesRuledOut === true && content.ruledOut.size > 0
      ? [summary.ruledOut(joinTexts([...content.ruledOut]) ?? '')]
      : []),
    ...(rows.length > 0 && list.note !== undefined ? [list.note(texts)] : []),
    ...(others > 0 ? [summary.notCurrent(others)] : []),
    ...(more > 0 ? [summary.more(more)] : []),
  ];
  const title = list.title(texts);
  if (rows.length === 0) return [{ title, empty: summary.none[list.section] ?? record.nothing, notes }];
  const allCells = rows.map(({ cells, dates }) =>
    list.columns.map(({ isDate }, index) => (isDate === true ? formatDates(list, dates) : (cells[index] ?? ''))),
  );
  const isShown = list.columns.map(
    ({ isEssential }, index) => isEssential === true || allCells.some((cells) => cells[index] !== ''),
  );
  const shown = <Item>(items: readonly Item[]): readonly Item[] => items.filter((_, index) => isShown[index]);
  return [
    {
      title,
      notes,
      table: {
        columns: shown(list.columns.map(({ heading }) => heading(texts))),
        rows: allCells.map((cells) =>
          shown(
            cells.map((cell, index) =>
              cell === '' && list.columns[index]?.isEssential === true ? recordDownloads.notOnRecord : cell,
            ),
          ),
        ),
      },
    },
  ];
}

function formatDates({ dates: which }: SummaryList, dates: readonly EntryDate[]): string {
  const join = (chosen: readonly EntryDate[]): string =>
    joinTexts(
      chosen.map(({ text }) => text),
      { joint: '; ', max: MAX_DATES },
    ) ?? '';
  if (which === 'all') return join(dates);
  return which === 'oldest' ? join(findOldest(dates)) : (dates[0]?.text ?? '');
}

/** Returns the oldest date, and texts that aren't dates, such as "in childhood", because they may be older. */
function findOldest(dates: readonly EntryDate[]): readonly EntryDate[] {
  const starts = dates.flatMap(({ start }) => start ?? []);
  const oldest = starts.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const [found] = dates.filter(({ start }) => start === oldest);
  return [...(found === undefined ? [] : [found]), ...dates.filter(({ start }) => start === undefined)];
}
