import { searchRecordEntries } from '../../../fhir/index.ts';
import { emptyHtml, type Html, html, minutes } from '../../../kernel/index.ts';
import type { SharedRateLimit } from '../../../rate-limit/index.ts';
import type { PatientPortalDeps } from '../../deps.ts';
import type { PatientPortalContext } from '../../portal-context.ts';
import { backLink, renderPortalPage } from '../../portal-page.ts';
import { sanitizeText } from '../../sanitize-text.ts';
import { countPersonalUse } from '../../use-limit.ts';
import type { RenderedSection } from '../list-section.ts';
import type { RecordSectionName } from '../sections.ts';
import { createItemReader, ITEM_TYPES, type RecordItem, renderItem, toRecordItem } from './record-item.ts';
import { MAX_QUERY_LENGTH, searchForm } from './search-form.ts';

/** Maximum number of entries of each type that are searched, and of those that are found. */
const SEARCHED = 2000;
const FOUND = 300;
/** Maximum number of entries that a section of the results shows. */
const SHOWN = 20;
const MAX_WORDS = 6;
/** A search reads much of a record, so a script could slow the server. */
const SEARCH_LIMIT: SharedRateLimit = { max: 60, window: minutes(15), name: 'record-searches' };
/** Time limit of a search in milliseconds. */
const MAX_MILLISECONDS = 2500;

/**
 * Renders the entries of the record whose names have all words of the query, by section.
 * @throws {Problem} 429 if the person has searched too often
 */
export async function renderSearch(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  input: string | undefined,
): Promise<RenderedSection> {
  const { messages, basePath, patientName } = context;
  const { search: w, title } = messages.patientRecord;
  const query = sanitizeText(input ?? '', MAX_QUERY_LENGTH);
  const words = toWords(query);
  if (words.length > 0) await countPersonalUse(deps, context, SEARCH_LIMIT, w.tooOften);
  const found = words.length === 0 ? [] : await findItems(deps, context, words);
  const body = html`
${backLink(`${basePath}/record`, messages.record)}
<h1>${w.title}</h1>
${searchForm(context, query)}
${words.length === 0 ? html`<p class="hint">${w.hint(SEARCHED)}</p>` : renderFound(context, query, found)}`;
  const page = renderPortalPage(context, { title: `${w.title} – ${title(patientName)}`, body, section: '/record' });
  const byType = Map.groupBy(found ?? [], ({ type }) => type);
  return { html: page, counts: [...byType].map(([type, own]) => [type, own.length]) };
}

const toWords = (query: string): readonly string[] =>
  query
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MAX_WORDS);

type FoundItem = RecordItem & { readonly type: string };

/**
 * Finds the entries whose names have all words. The database finds them in any part of an entry.
 * @returns undefined if the search takes too long
 */
async function findItems(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  words: readonly string[],
): Promise<readonly FoundItem[] | undefined> {
  const rows = await searchRecordEntries(deps.db, context.accountRecord, {
    types: ITEM_TYPES,
    words,
    searched: SEARCHED,
    found: FOUND,
    time: MAX_MILLISECONDS,
  });
  if (rows === undefined) return undefined;
  const reader = await createItemReader(deps, context, rows);
  const lower = words.map((word) => word.toLowerCase());
  const found = rows.flatMap((row) => {
    const item = toRecordItem(row, reader);
    const title = item?.title.toLowerCase() ?? '';
    return item !== undefined && lower.every((word) => title.includes(word)) ? [{ ...item, type: row.type }] : [];
  });
  return found.filter(isLatestOf(found));
}

/** Keeps the latest value of each test. Other entries are kept. */
function isLatestOf(found: readonly FoundItem[]): (item: FoundItem) => boolean {
  const values = found.filter(({ value }) => value !== undefined);
  const latest = new Set([...Map.groupBy(values, ({ value }) => value?.key).values()].map(([first]) => first));
  return (item) => item.value === undefined || latest.has(item);
}

function renderFound(context: PatientPortalContext, query: string, found: readonly FoundItem[] | undefined): Html {
  const { search: w, sections } = context.messages.patientRecord;
  if (found === undefined)
    return html`
<p class="empty-state" role="status">${w.tooSlow}</p>
<p><a href="${context.basePath}/record">${w.toSections}</a></p>`;
  if (found.length === 0) return html`<p class="empty-state">${w.nothing(query)} ${w.hint(SEARCHED)}</p>`;
  const bySection = Map.groupBy(found, ({ section }) => section);
  const names = (Object.keys(sections) as readonly RecordSectionName[]).filter((name) => bySection.has(name));
  return html`
<p role="status">${w.found(query, found.length)}</p>
${names.map((name) => renderFoundSection(context, name, bySection.get(name) ?? []))}
<p class="hint">${w.hint(SEARCHED)}</p>`;
}

function renderFoundSection(context: PatientPortalContext, name: RecordSectionName, found: readonly FoundItem[]): Html {
  const { messages, basePath } = context;
  const { search: w, sections } = messages.patientRecord;
  const more =
    found.length > SHOWN
      ? html`<p><a href="${basePath}/record/${name}">${w.more(found.length - SHOWN, sections[name])}</a></p>`
      : emptyHtml;
  return html`
<h2 class="group">${sections[name]}</h2>
<ul class="timeline">${found.slice(0, SHOWN).map((item) => html`<li>${renderItem(context, item)}</li>`)}</ul>${more}`;
}
