import { html } from 'ghtml';
import { type DatedPosition, parseJson } from '../../fhir/index.ts';
import type { AccountDeps } from '../deps.ts';
import type { Place } from '../place.ts';
import { documentLinks } from './documents.ts';
import type { Describe } from './entries/entry.ts';
import { namesFor } from './names.ts';
import { type Entry, entryList, nothingIn, olderLink, sectionPage } from './page.ts';
import { beforeText, comingRows, type PageRows, pageRows, positionOf } from './rows.ts';
import { type Group, SECTIONS, type SectionName } from './sections.ts';
import { readerFor } from './values.ts';

/** A rendered section and the number of entries of each type on it, which the audit log records. */
export interface Made {
  readonly html: string;
  readonly counts: readonly (readonly [type: string, count: number])[];
}

/** Position at which a list continues. In a section with several groups, only this group continues. */
export interface From {
  readonly group: string | undefined;
  readonly before: DatedPosition | undefined;
}

const ON_A_PAGE = 100;
/** Rows of each group when several groups share a page. */
const IN_A_GROUP = 25;

interface Listed extends PageRows {
  readonly group: Group;
}

export async function listPage(deps: AccountDeps, context: Place, name: SectionName, from: From): Promise<Made> {
  const groups = SECTIONS[name] ?? [];
  const requestedGroups = groups.filter((group) => group.name === from.group);
  const listedGroups: Listed[] = [];
  for (const group of requestedGroups.length > 0 ? requestedGroups : groups)
    listedGroups.push({
      group,
      ...(await rowsOf(deps, context, group, requestedGroups.length > 0 ? from.before : undefined)),
    });
  const nonEmpty = listedGroups.filter(({ rows }) => rows.length > 0);
  const parts: string[] = [];
  for (const one of nonEmpty) parts.push(await groupPart(deps, context, name, one));
  const content = nonEmpty.length === 0 ? nothingIn(context, name) : `${jumps(context, nonEmpty)}${parts.join('')}`;
  return { html: sectionPage(context, { name, content }), counts: countsOf(listedGroups) };
}

/** Adds up the groups of one type: appointments, for example, are one type in two groups. */
function countsOf(listedGroups: readonly Listed[]): Made['counts'] {
  const byType = Map.groupBy(listedGroups, ({ group }) => group.type);
  return [...byType].map(([type, recordMessages]) => [
    type,
    recordMessages.reduce((sum, { rows }) => sum + rows.length, 0),
  ]);
}

function rowsOf(
  { db, clock }: AccountDeps,
  { whose: accountRecord }: Place,
  { type, part, name }: Group,
  before: DatedPosition | undefined,
): Promise<PageRows> {
  const now = clock.now();
  if (part === 'coming') return comingRows(db, accountRecord, type, now);
  const first = part === 'earlier' ? positionOf(now) : undefined;
  const limit = name === undefined || before !== undefined ? ON_A_PAGE : IN_A_GROUP;
  return pageRows(db, accountRecord, type, { after: before ?? first, limit });
}

/** Links to each group, on a page with several groups. */
function jumps({ words: messages }: Place, nonEmpty: readonly Listed[]): string {
  if (nonEmpty.length < 2) return '';
  const links = nonEmpty.map(
    ({ group: { name } }) =>
      html`<li><a href="#${name ?? ''}">${name === undefined ? '' : messages.own.groups[name]}</a></li>`,
  );
  return html`<ul class="acts screen">!${links.join('')}</ul>`;
}

async function groupPart(deps: AccountDeps, context: Place, section: SectionName, listed: Listed): Promise<string> {
  const { name, type, describe } = listed.group;
  const entries = (await entriesOf(deps, context, listed.rows, describe)).map((entry, index) => ({
    ...entry,
    more: documentLinks(context, { type, id: listed.rows[index]?.id ?? '' }, entry.resource),
  }));
  const path = `${context.base}/record/${section}`;
  const query = listed.older && new URLSearchParams({ ...(name && { group: name }), before: beforeText(listed.older) });
  const older = olderLink(context, path, query && `?${query}`);
  if (name === undefined) return html`!${entryList(context, entries)}!${older}`;
  return html`
<h2 class="group" id="${name}">${context.words.own.groups[name]}</h2>
!${entryList(context, entries, 'h3')}!${older}`;
}

/** Describes the rows, with the names of the resources that they refer to. */
export async function entriesOf(
  deps: AccountDeps,
  context: Place,
  rows: readonly { readonly content: string }[],
  describe: Describe,
): Promise<readonly Entry[]> {
  const recordMessages = context.words.own;
  const names = await namesFor(deps, context.whose, rows, readerFor(context, recordMessages));
  const reader = readerFor(context, recordMessages, names);
  return rows.map(({ content }) => {
    const resource = parseJson(content);
    return { resource, text: describe(resource, reader) };
  });
}
