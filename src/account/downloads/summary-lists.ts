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

/** What fits on a page of paper. */
const MOST = 25;
const MOST_DETAILS = 3;

type Own = Words['account']['own'];

interface SummaryList {
  readonly section: SectionName;
  readonly title: (words: Own) => string;
  /** Of the section's types; all of them where none are named. */
  readonly types?: readonly string[];
  readonly current: (resource: unknown, now: Date) => boolean;
  /** Names of the facts that are told beside the title. */
  readonly facts?: readonly (keyof Own['labels'])[];
  /** What qualifies an entry: it is never shown without. */
  readonly qualifier?: (resource: unknown, reader: Reader) => string | undefined;
  readonly dated?: true;
  /** How many, and that nothing is said where there are none. */
  readonly small?: number;
}

/** Unless its status says that it is over, it may not be. */
const isNot = (path: string, over: readonly string[]) => (resource: unknown) =>
  !elementsAt(resource, path).some((code) => over.includes(String(code)));

const isCurrent = isNot('clinicalStatus.coding.code', ['inactive', 'remission', 'resolved']);

/** What was found at a visit is on the problem list too if it is one that lasts. */
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
    title: (words) => words.sections.allergies,
    current: isNot('clinicalStatus.coding.code', ['inactive', 'resolved']),
    facts: ['reaction', 'severity'],
    qualifier: certaintyOf,
  },
  {
    section: 'medicines',
    title: (words) => words.summary.current,
    types: ['MedicationRequest', 'MedicationStatement'],
    current: (resource) => isActive(resource) && !isForbidden(resource) && !isPlanned(resource),
    facts: ['howToTake'],
    qualifier: (resource, { words }) => (isReported(resource) ? words.reported : undefined),
  },
  {
    section: 'problems',
    title: (words) => words.summary.problems,
    current: isOnProblemList,
    qualifier: certaintyOf,
    dated: true,
  },
  {
    section: 'vaccinations',
    title: (words) => words.sections.vaccinations,
    current: isNot('status', ['not-done']),
    qualifier: (resource, { words }) =>
      elementsAt(resource, 'isSubpotent').includes(true) ? words.subpotent : undefined,
    dated: true,
  },
  {
    section: 'procedures',
    title: (words) => words.summary.procedures,
    current: (resource) => elementsAt(resource, 'status').includes('completed'),
    dated: true,
    small: 10,
  },
  {
    section: 'devices',
    title: (words) => words.summary.devices,
    current: isNot('status', ['inactive']),
    qualifier: (resource, reader) =>
      elementsAt(resource, 'status').includes('active')
        ? undefined
        : (statusOf(resource, reader) ?? reader.words.notKnown),
    facts: ['maker', 'model'],
    small: 10,
  },
  // Without the number of the member: a page that is handed on tells no more than who pays.
  {
    section: 'insurance',
    title: (words) => words.summary.coverage,
    types: ['Coverage'],
    current: isValid,
    facts: ['plan'],
    small: 5,
  },
];

/** Each list as a section of the page. Escaped HTML. */
export async function summaryLists(deps: AccountDeps, place: Place): Promise<readonly string[]> {
  const sections: string[] = [];
  for (const list of LISTS) sections.push(listSection(place, list, await linesOf(deps, place, list)));
  return sections;
}

interface Line {
  readonly title: string;
  readonly detail: string;
}

/** What has one name is one line, with the latest of what is said about it. */
async function linesOf(deps: AccountDeps, place: Place, list: SummaryList): Promise<readonly Line[]> {
  const groups = SECTIONS[list.section] ?? [];
  const wanted = groups.filter(({ type }) => list.types === undefined || list.types.includes(type));
  const found: Line[] = [];
  for (const group of wanted) found.push(...(await groupLines(deps, place, list, group)));
  return [...Map.groupBy(found, ({ title }) => title)].map(([title, same]) => together(title, same));
}

/** Neither entered by mistake nor ruled out. */
const isTrue = (resource: unknown): boolean => !isMistake(resource) && !isRefuted(resource);

async function groupLines(
  deps: AccountDeps,
  place: Place,
  list: SummaryList,
  { type, describe }: Group,
): Promise<readonly Line[]> {
  const { own } = place.words;
  const now = deps.clock.now();
  const lines: Line[] = [];
  for await (const rows of everyOfType(deps.db, place.whose, type)) {
    const read = rows.map(({ content }) => ({ content, resource: parseJson(content) }));
    const shown = read.filter(({ resource }) => isTrue(resource) && list.current(resource, now));
    const names = await namesFor(deps, place.whose, shown, readerFor(place, own));
    const reader = readerFor(place, own, names);
    lines.push(...shown.map(({ resource }) => lineOf(resource, describe(resource, reader), list, reader)));
  }
  return lines;
}

function together(title: string, same: readonly Line[]): Line {
  const details = [...new Set(same.map(({ detail }) => detail))].filter((detail) => detail !== '');
  return { title, detail: details.slice(0, MOST_DETAILS).join('; ') };
}

/** Beside the name: how it is taken, what it does, or when it was. */
function lineOf(
  resource: unknown,
  { title, when, facts }: EntryText,
  { facts: wanted = [], qualifier, dated }: SummaryList,
  reader: Reader,
): Line {
  const { words } = reader;
  const labels = wanted.map((name) => words.labels[name]);
  const told = facts.flatMap(([label, value]) => (labels.includes(label) && value !== undefined ? [value] : []));
  const said = qualifier?.(resource, reader);
  const detail = [
    ...(said === undefined ? [] : [said]),
    ...told,
    ...(dated === true ? [when ?? words.dateUnknown] : []),
  ].join('. ');
  return { title: title ?? words.notNamed, detail };
}

function listSection({ words }: Place, list: SummaryList, lines: readonly Line[]): string {
  const { own: w } = words;
  const { section, small } = list;
  if (lines.length === 0 && small !== undefined) return '';
  const none = (w.none as Readonly<Record<string, string>>)[section] ?? w.nothing;
  const shown = lines.slice(0, small ?? MOST);
  const items = shown.map(
    (line) => html`<li><b>${line.title}</b>!${line.detail === '' ? '' : html`: ${line.detail}`}</li>`,
  );
  const rest = lines.length === shown.length ? '' : html`<li>${w.summary.more(lines.length - shown.length)}</li>`;
  return html`
<section><h2>${list.title(w)}</h2>!${items.length === 0 ? html`<p>${none}</p>` : html`<ul>!${items.join('')}!${rest}</ul>`}</section>`;
}
