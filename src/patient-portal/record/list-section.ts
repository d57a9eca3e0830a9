import { parseJson, type StoredEntryPosition } from '../../fhir/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import type { PatientPortalDeps } from '../deps.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { renderDocumentLinks } from './documents.ts';
import type { EntryDescriber } from './entries/entry.ts';
import { loadReferenceNames } from './reference-names.ts';
import { createResourceReader } from './resource-reader.ts';
import { emptySectionText, olderLink, type RecordEntry, renderEntryList, renderSection } from './section-page.ts';
import { formatCursor, loadRowsPage, loadUpcomingRows, type SectionRows, toPosition } from './section-rows.ts';
import { RECORD_SECTIONS, type RecordSectionName, type SectionGroup, SPLIT_BY_STATE } from './sections.ts';
import { ENTRY_STATES, type EntryState, hasStates } from './states/entry-state.ts';
import { renderStateFilter } from './states/state-filter.ts';
import { loadStatedRows, loadStateIndex, type StateIndex } from './states/state-index.ts';

/** A rendered section and the number of resources of each type on the page, which the audit log records. */
export interface RenderedSection {
  readonly html: Html;
  readonly counts: readonly (readonly [type: string, count: number])[];
}

/**
 * Part of a section that the URL asks for. In a section with several groups, the next page of a long list shows only the
 * group that `group` names.
 */
export interface SectionListRequest {
  readonly group: string | undefined;
  readonly before: StoredEntryPosition | undefined;
  /** State that entries must have. undefined shows all. */
  readonly show: EntryState | undefined;
}

const PAGE_SIZE = 100;
/** Number of rows of each group on a page with several groups. */
const GROUP_SIZE = 25;

interface ListedGroup extends SectionRows {
  /** Id of the heading. Absent if the section has only one group. */
  readonly name?: string | undefined;
  readonly title?: string | undefined;
  readonly types: readonly string[];
  /** Parameters of the link to older entries. */
  readonly query: Readonly<Record<string, string>>;
  /** Number of entries, if the list is closed at first. */
  readonly foldedCount?: number | undefined;
}

/** A section that is being rendered: its groups, and which of their entries are current. */
interface ListedSection {
  readonly name: RecordSectionName;
  readonly groups: readonly SectionGroup[];
  readonly index: StateIndex;
  readonly from: SectionListRequest;
}

export async function renderListSection(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  name: RecordSectionName,
  from: SectionListRequest,
): Promise<RenderedSection> {
  const groups = RECORD_SECTIONS[name] ?? [];
  const index = await loadStateIndex(deps, context, statedTypes(groups));
  const section = { name, groups, index, from };
  const listedGroups = await loadGroups(deps, context, section);
  const parts: Html[] = [];
  for (const one of listedGroups.filter(({ rows }) => rows.length > 0))
    parts.push(await renderGroup(deps, context, section, one));
  const filter = renderStateFilter(context, `${context.basePath}/record/${name}`, index, from.show);
  const nothing = index.entries.length === 0 ? emptySectionText(context, name) : emptyFilterText(context);
  const content = html`${filter}${parts.length === 0 ? nothing : html`${groupLinks(listedGroups)}${noneCurrent(context, section)}${parts}`}`;
  return { html: renderSection(context, { name, content }), counts: countByType(listedGroups) };
}

/** Types of a section whose entries can be current or past. */
const statedTypes = (groups: readonly SectionGroup[]): readonly string[] =>
  groups.map(({ type }) => type).filter(hasStates);

/** Counts the rows by resource type. Several groups may have the same type, such as past and coming appointments. */
function countByType(listedGroups: readonly ListedGroup[]): RenderedSection['counts'] {
  const types = new Set(listedGroups.flatMap((group) => group.types));
  const rows = listedGroups.flatMap((group) => group.rows);
  return [...types].map((type) => [type, rows.filter((row) => row.type === type).length]);
}

async function loadGroups(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  section: ListedSection,
): Promise<readonly ListedGroup[]> {
  const { groups, from } = section;
  const isSplit = SPLIT_BY_STATE.includes(section.name);
  const separate = isSplit ? groups.filter(({ type }) => !hasStates(type)) : groups;
  const requested = separate.filter(({ name }) => name !== undefined && name === from.group);
  const shown = from.show === undefined ? separate : separate.filter(({ type }) => hasStates(type));
  const listed: ListedGroup[] = [];
  if (isSplit && requested.length === 0) listed.push(...(await loadStateGroups(deps, context, section)));
  for (const group of requested.length > 0 ? requested : shown)
    listed.push(await loadGroup(deps, context, section, group, requested.length > 0));
  return listed;
}

/** Loads the entries of a section by state: what is current first, and what is past last. */
async function loadStateGroups(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  { groups, index, from }: ListedSection,
): Promise<readonly ListedGroup[]> {
  const listed: ListedGroup[] = [];
  for (const state of ENTRY_STATES.filter((one) => from.show === undefined || one === from.show)) {
    const entries = index.entries.filter((entry) => entry.state === state);
    const after = from.show === undefined ? undefined : from.before;
    const isFolded = state === 'past' && from.show === undefined;
    listed.push({
      ...(await loadStatedRows(deps, context, entries, { after, limit: isFolded ? GROUP_SIZE : PAGE_SIZE })),
      name: state,
      title: context.messages.patientRecord.states[state],
      types: statedTypes(groups),
      query: { show: state },
      foldedCount: isFolded ? entries.length : undefined,
    });
  }
  return listed;
}

async function loadGroup(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  { index, from }: ListedSection,
  group: SectionGroup,
  isRequested: boolean,
): Promise<ListedGroup> {
  const { name, type } = group;
  const before = isRequested || name === undefined ? from.before : undefined;
  const limit = name === undefined || before !== undefined ? PAGE_SIZE : GROUP_SIZE;
  const entries = index.entries.filter(
    (entry) => entry.type === type && (from.show === undefined || entry.state === from.show),
  );
  const rows = hasStates(type)
    ? await loadStatedRows(deps, context, entries, { after: before, limit })
    : await loadUnstatedRows(deps, context, group, { before, limit });
  return {
    ...rows,
    name,
    title: name === undefined ? undefined : context.messages.patientRecord.groups[name],
    types: [type],
    query: { ...(name && { group: name }), ...(from.show && { show: from.show }) },
  };
}

function loadUnstatedRows(
  { db, clock }: PatientPortalDeps,
  { accountRecord }: PatientPortalContext,
  { type, period }: SectionGroup,
  { before, limit }: { readonly before: StoredEntryPosition | undefined; readonly limit: number },
): Promise<SectionRows> {
  const now = clock.now();
  if (period === 'coming') return loadUpcomingRows(db, accountRecord, type, now);
  const first = period === 'earlier' ? toPosition(now) : undefined;
  return loadRowsPage(db, accountRecord, type, { after: before ?? first, limit });
}

/** Renders links to the groups of the page. Empty if there is only one. The filter already links to the states. */
function groupLinks(listedGroups: readonly ListedGroup[]): Html {
  const filled = listedGroups.filter(({ rows }) => rows.length > 0);
  const linked = filled.filter(({ name }) => !ENTRY_STATES.some((state) => state === name));
  if (filled.length < 2 || linked.length === 0) return emptyHtml;
  const links = linked.map(({ name, title }) => html`<li><a href="#${name ?? ''}">${title ?? ''}</a></li>`);
  return html`<ul class="actions screen">${links}</ul>`;
}

const emptyFilterText = ({ messages: { patientRecord: w } }: PatientPortalContext): Html =>
  html`<p class="empty-state">${w.filter.nothing}</p>`;

/**
 * Says that no medicine is current on record. Without this, a list of past medicines would look as if the person took
 * none. If the record has more entries than were read, an older one may be current, so nothing is said.
 */
function noneCurrent({ messages: { patientRecord: w } }: PatientPortalContext, section: ListedSection): Html {
  const { name, index, from } = section;
  const isWhole = from.show === undefined && from.group === undefined;
  return SPLIT_BY_STATE.includes(name) && isWhole && index.truncatedAt === undefined && !index.counts.has('current')
    ? html`<p class="empty-state">${w.noneCurrent}</p>`
    : emptyHtml;
}

async function renderGroup(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  section: ListedSection,
  listed: ListedGroup,
): Promise<Html> {
  const { name, title, rows, foldedCount } = listed;
  const { patientRecord: w } = context.messages;
  const describers = new Map(section.groups.map(({ type, describe }) => [type, describe]));
  const entries = (await describeRows(deps, context, rows, describers)).map((entry, index) => ({
    ...entry,
    more: renderDocumentLinks(context, rows[index] ?? { type: '', id: '' }, entry.resource),
  }));
  const query = listed.older && new URLSearchParams({ ...listed.query, before: formatCursor(listed.older) });
  const older = olderLink(context, query && `${context.basePath}/record/${section.name}?${query}`);
  if (name === undefined) return html`${renderEntryList(context, entries)}${older}`;
  const list = html`${renderEntryList(context, entries, 'h3')}${older}`;
  return html`
<h2 class="group" id="${name}">${title ?? ''}</h2>
${foldedCount === undefined ? list : html`<details class="folded"><summary>${w.filter.open(foldedCount)}</summary>${list}</details>`}`;
}

/**
 * Describes resources for the page, with the names of the resources that they refer to.
 * @param describers the describer of all rows, or the one of each type
 */
export async function describeRows(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  rows: readonly { readonly type: string; readonly content: string }[],
  describers: ReadonlyMap<string, EntryDescriber> | EntryDescriber,
): Promise<readonly RecordEntry[]> {
  const recordMessages = context.messages.patientRecord;
  const names = await loadReferenceNames(
    deps,
    context.accountRecord,
    rows,
    createResourceReader(context, recordMessages),
  );
  const reader = createResourceReader(context, recordMessages, names);
  return rows.flatMap(({ type, content }) => {
    const resource = parseJson(content);
    const describe = typeof describers === 'function' ? describers : describers.get(type);
    return describe === undefined ? [] : [{ resource, text: describe(resource, reader) }];
  });
}
