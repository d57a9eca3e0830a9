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
import { RECORD_SECTIONS, type RecordSectionName, type SectionGroup } from './sections.ts';

/** A rendered section and the number of resources of each type on the page, which the audit log records. */
export interface RenderedSection {
  readonly html: Html;
  readonly counts: readonly (readonly [type: string, count: number])[];
}

/**
 * Position at which a long list continues on the next page. In a section with several groups, the next page shows only
 * the group that `group` names.
 */
export interface SectionListCursor {
  readonly group: string | undefined;
  readonly before: StoredEntryPosition | undefined;
}

const PAGE_SIZE = 100;
/** Number of rows of each group on a page with several groups. */
const GROUP_SIZE = 25;

interface ListedGroup extends SectionRows {
  readonly group: SectionGroup;
}

export async function renderListSection(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  name: RecordSectionName,
  from: SectionListCursor,
): Promise<RenderedSection> {
  const groups = RECORD_SECTIONS[name] ?? [];
  const requestedGroups = groups.filter((group) => group.name === from.group);
  const listedGroups: ListedGroup[] = [];
  for (const group of requestedGroups.length > 0 ? requestedGroups : groups)
    listedGroups.push({
      group,
      ...(await loadRows(deps, context, group, requestedGroups.length > 0 ? from.before : undefined)),
    });
  const nonEmpty = listedGroups.filter(({ rows }) => rows.length > 0);
  const parts: Html[] = [];
  for (const one of nonEmpty) parts.push(await renderGroup(deps, context, name, one));
  const content =
    nonEmpty.length === 0 ? emptySectionText(context, name) : html`${groupLinks(context, nonEmpty)}${parts}`;
  return { html: renderSection(context, { name, content }), counts: countByType(listedGroups) };
}

/** Counts the rows by resource type. Several groups may have the same type, such as past and coming appointments. */
function countByType(listedGroups: readonly ListedGroup[]): RenderedSection['counts'] {
  const byType = Map.groupBy(listedGroups, ({ group }) => group.type);
  return [...byType].map(([type, recordMessages]) => [
    type,
    recordMessages.reduce((sum, { rows }) => sum + rows.length, 0),
  ]);
}

function loadRows(
  { db, clock }: PatientPortalDeps,
  { accountRecord }: PatientPortalContext,
  { type, period, name }: SectionGroup,
  before: StoredEntryPosition | undefined,
): Promise<SectionRows> {
  const now = clock.now();
  if (period === 'coming') return loadUpcomingRows(db, accountRecord, type, now);
  const first = period === 'earlier' ? toPosition(now) : undefined;
  const limit = name === undefined || before !== undefined ? PAGE_SIZE : GROUP_SIZE;
  return loadRowsPage(db, accountRecord, type, { after: before ?? first, limit });
}

/** Renders links to the groups of the page. Empty if there is only one group. */
function groupLinks({ messages }: PatientPortalContext, nonEmpty: readonly ListedGroup[]): Html {
  if (nonEmpty.length < 2) return emptyHtml;
  const links = nonEmpty.map(
    ({ group: { name } }) =>
      html`<li><a href="#${name ?? ''}">${name === undefined ? '' : messages.patientRecord.groups[name]}</a></li>`,
  );
  return html`<ul class="acts screen">${links}</ul>`;
}

async function renderGroup(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  section: RecordSectionName,
  listed: ListedGroup,
): Promise<Html> {
  const { name, type, describe } = listed.group;
  const entries = (await describeRows(deps, context, listed.rows, describe)).map((entry, index) => ({
    ...entry,
    more: renderDocumentLinks(context, { type, id: listed.rows[index]?.id ?? '' }, entry.resource),
  }));
  const path = `${context.basePath}/record/${section}`;
  const query =
    listed.older && new URLSearchParams({ ...(name && { group: name }), before: formatCursor(listed.older) });
  const older = olderLink(context, path, query && `?${query}`);
  if (name === undefined) return html`${renderEntryList(context, entries)}${older}`;
  return html`
<h2 class="group" id="${name}">${context.messages.patientRecord.groups[name]}</h2>
${renderEntryList(context, entries, 'h3')}${older}`;
}

/** Describes resources for the page, with the names of the resources that they refer to. */
export async function describeRows(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  rows: readonly { readonly content: string }[],
  describe: EntryDescriber,
): Promise<readonly RecordEntry[]> {
  const recordMessages = context.messages.patientRecord;
  const names = await loadReferenceNames(
    deps,
    context.accountRecord,
    rows,
    createResourceReader(context, recordMessages),
  );
  const reader = createResourceReader(context, recordMessages, names);
  return rows.map(({ content }) => {
    const resource = parseJson(content);
    return { resource, text: describe(resource, reader) };
  });
}
