import { html } from 'ghtml';
import {
  elementsAt,
  isFamilyHistory,
  isForbidden,
  isMistake,
  isPlanned,
  isRefuted,
  isReported,
  parseJson,
  spanOfDate,
} from '../../fhir/index.ts';
import type { Words } from '../../words/index.ts';
import type { AccountDeps } from '../deps.ts';
import type { Place } from '../place.ts';
import { certaintyOf, type EntryText, statusOf } from '../record/entries/entry.ts';
import { namesFor } from '../record/names.ts';
import { everyOfType } from '../record/rows.ts';
import { type Group, SECTIONS, type SectionName } from '../record/sections.ts';
import { type Reader, readerFor } from '../record/values.ts';

/** The limits keep the summary to one printed page. */
const MOST = 25;
const MOST_DETAILS = 3;

type Own = Words['account']['own'];

interface SummaryList {
  readonly section: SectionName;
  readonly title: (messages: Own) => string;
  /** Types of the section to include; absent: all of them. */
  readonly types?: readonly string[];
  readonly current: (resource: unknown, now: Date) => boolean;
  /** Labels of the facts shown beside the title. */
  readonly facts?: readonly (keyof Own['labels'])[];
  /**
   * A qualification without which the entry would mislead, such as an unconfirmed diagnosis. Always shown if there is
   * one.
   */
  readonly qualifier?: (resource: unknown, reader: Reader) => string | undefined;
  readonly dated?: true;
  /** Maximum number of lines. A list with this limit is left out if it is empty. */
  readonly small?: number;
}

/** Whether none of the codes is one of the ended ones. An entry without a status counts as current. */
const isNot = (path: string, endedCodes: readonly string[]) => (resource: unknown) =>
  !elementsAt(resource, path).some((code) => endedCodes.includes(String(code)));

const isCurrent = isNot('clinicalStatus.coding.code', ['inactive', 'remission', 'resolved']);

/**
 * Whether the condition is current and on the problem list. An encounter diagnosis counts only if it has another
 * category as well.
 */
function isOnProblemList(resource: unknown): boolean {
  const categories = elementsAt(resource, 'category.coding.code');
  return (
    isCurrent(resource) &&
    !isFamilyHistory(resource) &&
    (categories.length === 0 || categories.some((code) => code !== 'encounter-diagnosis'))
  );
}

const isActive = (resource: unknown): boolean => elementsAt(resource, 'status').includes('active');

function isValid(resource: unknown, now: Date): boolean {
  const [end] = elementsAt(resource, 'period.end');
  const last = typeof end === 'string' ? spanOfDate(end)?.high : undefined;
  return isActive(resource) && (last === undefined || last >= now.getTime());
}

const LISTS: readonly SummaryList[] = [
  {
    section: 'allergies',
    title: (messages) => messages.sections.allergies,
    current: isNot('clinicalStatus.coding.code', ['inactive', 'resolved']),
    facts: ['reaction', 'severity'],
    qualifier: certaintyOf,
  },
  {
    section: 'medicines',
    title: (messages) => messages.summary.current,
    types: ['MedicationRequest', 'MedicationStatement'],
    current: (resource) => isActive(resource) && !isForbidden(resource) && !isPlanned(resource),
    facts: ['howToTake'],
    qualifier: (resource, { words: messages }) => (isReported(resource) ? messages.reported : undefined),
  },
  {
    section: 'problems',
    title: (messages) => messages.summary.problems,
    current: isOnProblemList,
    qualifier: certaintyOf,
    dated: true,
  },
  {
    section: 'vaccinations',
    title: (messages) => messages.sections.vaccinations,
    current: isNot('status', ['not-done']),
    qualifier: (resource, { words: messages }) =>
      elementsAt(resource, 'isSubpotent').includes(true) ? messages.subpotent : undefined,
    dated: true,
  },
  {
    section: 'procedures',
    title: (messages) => messages.summary.procedures,
    current: (resource) => elementsAt(resource, 'status').includes('completed'),
    dated: true,
    small: 10,
  },
  {
    section: 'devices',
    title: (messages) => messages.summary.devices,
    current: isNot('status', ['inactive']),
    qualifier: (resource, reader) =>
      elementsAt(resource, 'status').includes('active')
        ? undefined
        : (statusOf(resource, reader) ?? reader.words.notKnown),
    facts: ['maker', 'model'],
    small: 10,
  },
  // Leaves out the member number, because this page gets passed on and only needs to name the payer.
  {
    section: 'insurance',
    title: (messages) => messages.summary.coverage,
    types: ['Coverage'],
    current: isValid,
    facts: ['plan'],
    small: 5,
  },
];

/** Renders each list as a section of the page. Escaped HTML. */
export async function summaryLists(deps: AccountDeps, context: Place): Promise<readonly string[]> {
  const sections: string[] = [];
  for (const list of LISTS) sections.push(listSection(context, list, await linesOf(deps, context, list)));
  return sections;
}

interface Line {
  readonly title: string;
  readonly detail: string;
}

/** Entries with the same title become one line with the most recent details. */
async function linesOf(deps: AccountDeps, context: Place, list: SummaryList): Promise<readonly Line[]> {
  const groups = SECTIONS[list.section] ?? [];
  const selected = groups.filter(({ type }) => list.types === undefined || list.types.includes(type));
  const lines: Line[] = [];
  for (const group of selected) lines.push(...(await groupLines(deps, context, list, group)));
  return [...Map.groupBy(lines, ({ title }) => title)].map(([title, same]) => together(title, same));
}

/** Whether the entry is neither entered in error nor refuted. */
const isTrue = (resource: unknown): boolean => !isMistake(resource) && !isRefuted(resource);

async function groupLines(
  deps: AccountDeps,
  context: Place,
  list: SummaryList,
  { type, describe }: Group,
): Promise<readonly Line[]> {
  const { own } = context.words;
  const now = deps.clock.now();
  const lines: Line[] = [];
  for await (const rows of everyOfType(deps.db, context.whose, type)) {
    const read = rows.map(({ content }) => ({ content, resource: parseJson(content) }));
    const included = read.filter(({ resource }) => isTrue(resource) && list.current(resource, now));
    const names = await namesFor(deps, context.whose, included, readerFor(context, own));
    const reader = readerFor(context, own, names);
    lines.push(...included.map(({ resource }) => lineOf(resource, describe(resource, reader), list, reader)));
  }
  return lines;
}

function together(title: string, duplicates: readonly Line[]): Line {
  const details = [...new Set(duplicates.map(({ detail }) => detail))].filter((detail) => detail !== '');
  return { title, detail: details.slice(0, MOST_DETAILS).join('; ') };
}

/** Shows beside the title how a medicine is taken, how an allergy shows, or when something happened. */
function lineOf(
  resource: unknown,
  { title, when, facts }: EntryText,
  { facts: selected = [], qualifier, dated }: SummaryList,
  reader: Reader,
): Line {
  const { words: messages } = reader;
  const labels = selected.map((name) => messages.labels[name]);
  const factValues = facts.flatMap(([label, value]) => (labels.includes(label) && value !== undefined ? [value] : []));
  const qualification = qualifier?.(resource, reader);
  const detail = [
    ...(qualification === undefined ? [] : [qualification]),
    ...factValues,
    ...(dated === true ? [when ?? messages.dateUnknown] : []),
  ].join('. ');
  return { title: title ?? messages.notNamed, detail };
}

function listSection({ words: messages }: Place, list: SummaryList, lines: readonly Line[]): string {
  const { own: w } = messages;
  const { section, small: maxLines } = list;
  if (lines.length === 0 && maxLines !== undefined) return '';
  const none = (w.none as Readonly<Record<string, string>>)[section] ?? w.nothing;
  const visibleLines = lines.slice(0, maxLines ?? MOST);
  const items = visibleLines.map(
    (line) => html`<li><b>${line.title}</b>!${line.detail === '' ? '' : html`: ${line.detail}`}</li>`,
  );
  const rest =
    lines.length === visibleLines.length ? '' : html`<li>${w.summary.more(lines.length - visibleLines.length)}</li>`;
  return html`
<section><h2>${list.title(w)}</h2>!${items.length === 0 ? html`<p>${none}</p>` : html`<ul>!${items.join('')}!${rest}</ul>`}</section>`;
}
