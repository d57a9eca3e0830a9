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

/** A page, and how many entries of each type are on it. */
export interface Made {
  readonly html: string;
  readonly counts: readonly (readonly [type: string, count: number])[];
}

/** Where a list goes on: of a section with several groups, in this one alone. */
export interface From {
  readonly group: string | undefined;
  readonly before: DatedPosition | undefined;
}

const ON_A_PAGE = 100;
/** Where several groups share a page. */
const IN_A_GROUP = 25;

interface Listed extends PageRows {
  readonly group: Group;
}

export async function listPage(deps: AccountDeps, place: Place, name: SectionName, from: From): Promise<Made> {
  const groups = SECTIONS[name] ?? [];
  const asked = groups.filter((group) => group.name === from.group);
  const shown: Listed[] = [];
  for (const group of asked.length > 0 ? asked : groups)
    shown.push({ group, ...(await rowsOf(deps, place, group, asked.length > 0 ? from.before : undefined)) });
  const filled = shown.filter(({ rows }) => rows.length > 0);
  const parts: string[] = [];
  for (const one of filled) parts.push(await groupPart(deps, place, name, one));
  const content = filled.length === 0 ? nothingIn(place, name) : `${jumps(place, filled)}${parts.join('')}`;
  return { html: sectionPage(place, { name, content }), counts: countsOf(shown) };
}

/** Appointments are one type in two groups. */
function countsOf(shown: readonly Listed[]): Made['counts'] {
  const byType = Map.groupBy(shown, ({ group }) => group.type);
  return [...byType].map(([type, own]) => [type, own.reduce((sum, { rows }) => sum + rows.length, 0)]);
}

function rowsOf(
  { db, clock }: AccountDeps,
  { whose }: Place,
  { type, part, name }: Group,
  before: DatedPosition | undefined,
): Promise<PageRows> {
  const now = clock.now();
  if (part === 'coming') return comingRows(db, whose, type, now);
  const first = part === 'earlier' ? positionOf(now) : undefined;
  const limit = name === undefined || before !== undefined ? ON_A_PAGE : IN_A_GROUP;
  return pageRows(db, whose, type, { after: before ?? first, limit });
}

/** On a page with several groups, a way to each. */
function jumps({ words }: Place, filled: readonly Listed[]): string {
  if (filled.length < 2) return '';
  const links = filled.map(
    ({ group: { name } }) =>
      html`<li><a href="#${name ?? ''}">${name === undefined ? '' : words.own.groups[name]}</a></li>`,
  );
  return html`<ul class="acts screen">!${links.join('')}</ul>`;
}

async function groupPart(deps: AccountDeps, place: Place, section: SectionName, listed: Listed): Promise<string> {
  const { name, type, describe } = listed.group;
  const entries = (await entriesOf(deps, place, listed.rows, describe)).map((entry, index) => ({
    ...entry,
    more: documentLinks(place, { type, id: listed.rows[index]?.id ?? '' }, entry.resource),
  }));
  const path = `${place.base}/record/${section}`;
  const query = listed.older && new URLSearchParams({ ...(name && { group: name }), before: beforeText(listed.older) });
  const older = olderLink(place, path, query && `?${query}`);
  if (name === undefined) return html`!${entryList(place, entries)}!${older}`;
  return html`
<h2 class="group" id="${name}">${place.words.own.groups[name]}</h2>
!${entryList(place, entries, 'h3')}!${older}`;
}

/** With the names of what they refer to. */
export async function entriesOf(
  deps: AccountDeps,
  place: Place,
  rows: readonly { readonly content: string }[],
  describe: Describe,
): Promise<readonly Entry[]> {
  const own = place.words.own;
  const names = await namesFor(deps, place.whose, rows, readerFor(place, own));
  const reader = readerFor(place, own, names);
  return rows.map(({ content }) => {
    const resource = parseJson(content);
    return { resource, text: describe(resource, reader) };
  });
}
