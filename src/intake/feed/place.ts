import type { WritePermission } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import {
  type AtPractice,
  findAtPractice,
  findByIdentifier,
  hasIdentifiers,
  instantOf,
  storedHome,
} from '../../fhir/index.ts';
import { type Clock, days, derivedUuid, isUuid, later, pace, type Random } from '../../kernel/index.ts';
import { isCarried } from '../carried.ts';
import { identifierAsked } from '../criteria.ts';
import { isObject, textAt } from '../json-value.ts';
import { finalId, type Origin, type SourceKey } from '../names.ts';
import { OTHER_SOURCE } from '../unstorable.ts';
import { located, type Outcome, type Refused, refused } from './outcome.ts';
import type { FeedEntry } from './read-bundle.ts';

/** An entry that may be written, and where. */
export interface Placed {
  readonly entry: FeedEntry;
  readonly key: SourceKey;
  /** The id it has here. */
  readonly id: string;
  /** What is there now. */
  readonly before: AtPractice | undefined;
}

export interface PlaceDeps {
  readonly tx: Executor;
  readonly clock: Clock;
  readonly random: Random;
  readonly origin: Origin;
  /** Whether who writes is allowed to. */
  readonly may: (permission: WritePermission, type: string) => boolean;
}

/** Entries that are there already, by a conditional create: what refers to them refers to what is there. */
export interface Found {
  readonly entry: FeedEntry;
  readonly key: SourceKey;
  readonly there: AtPractice;
}

export interface Places {
  readonly placed: readonly Placed[];
  readonly found: readonly Found[];
  /** What the source sent in a newer state before: it stays, and what refers to it refers to what is there. */
  readonly stale: readonly Found[];
  /** By the place in the Bundle. */
  readonly refused: ReadonlyMap<number, Refused>;
}

/** What is asked before any row is looked for: may the app do this, is it something that is kept, is it named twice? */
export function screenEntries(deps: PlaceDeps, entries: readonly FeedEntry[]): ReadonlyMap<number, Refused> {
  const out = new Map<number, Refused>();
  for (const entry of entries) {
    const fault = forbidden(deps, entry) ?? unkept(entry) ?? ahead(deps, entry);
    if (fault !== undefined) out.set(entry.index, fault);
  }
  return new Map([
    ...out,
    ...named(
      deps.origin,
      entries.filter(({ index }) => !out.has(index)),
    ),
  ]);
}

/** And then: what is there, whose is it, is it the version it should be? */
export async function placeEntries(deps: PlaceDeps, entries: readonly FeedEntry[]): Promise<Places> {
  const out = new Map<number, Refused>();
  const still = (): readonly FeedEntry[] => entries.filter(({ index }) => !out.has(index));
  const found: Found[] = [];
  for (const entry of still().filter(({ type, ifNoneExist }) => ifNoneExist !== undefined && !isCarried(type))) {
    const there = await existing(deps, entry);
    if (there === undefined) continue;
    if ('reason' in there) out.set(entry.index, there);
    else found.push(there);
  }
  const isFound = new Set(found.map(({ entry }) => entry));
  const updated = await byCondition(deps, still(), out);
  const keyed: Pick<Placed, 'entry' | 'key' | 'id'>[] = [];
  const rest = pace();
  for (const entry of still().filter((one) => !isFound.has(one))) {
    const key = updated.get(entry) ?? keyOf(deps, entry);
    keyed.push({ entry, key, id: finalId(deps.origin, key) });
    await rest();
  }
  const twice = sameTwice(keyed.map(({ entry, id }) => [entry, [`id ${entry.type}/${id}`]]));
  for (const [index, fault] of twice) out.set(index, fault);
  const keys = keyed.map(({ entry, id }) => ({ type: entry.type, id }));
  const stored = await findAtPractice(deps.tx, deps.origin.practiceId, keys);
  const placed: Placed[] = [];
  const stale: Found[] = [];
  for (const one of keyed.filter(({ entry }) => !twice.has(entry.index))) {
    const before = stored.get(`${one.entry.type}/${one.id}`);
    const fault = standing(deps, one.entry, before);
    if (fault !== undefined) out.set(one.entry.index, fault);
    else if (before !== undefined && isStale(one.entry, before))
      stale.push({ ...one, key: { type: one.key.type, sourceId: one.id }, there: before });
    else placed.push({ ...one, before });
  }
  return { placed, found, stale, refused: out };
}

const LETTERS: Readonly<Record<FeedEntry['method'], WritePermission>> = { POST: 'c', PUT: 'u', DELETE: 'd' };

/** SMART App Launch 2.2 §3.0.2.1: an update that creates, because there is nothing yet, is allowed by `u`. */
function forbidden({ may }: PlaceDeps, { method, type }: FeedEntry): Refused | undefined {
  // Bytes are allowed like what points to them.
  if (type === 'Binary' || may(LETTERS[method], type)) return undefined;
  const scope = `system/${type}.${LETTERS[method]}`;
  return located(
    URL,
    refused(403, 'forbidden', `This access token does not allow this. Ask for a scope such as ${scope}.`),
  );
}

const URL = 'request.url';

function unkept({ type, method }: FeedEntry): Refused | undefined {
  if (storedHome(type) === undefined && !isCarried(type))
    return located(URL, refused(404, 'not-supported', `This server does not keep the resource type ${type}.`));
  if (method === 'DELETE' && type === 'Patient')
    return located(URL, refused(422, 'business-rule', 'A Patient is the record itself: no feed takes that away.'));
  if (method === 'DELETE' && isCarried(type))
    return located(
      URL,
      refused(422, 'business-rule', `A ${type} goes with what refers to it: it is not deleted by itself.`),
    );
  return undefined;
}

/** A date of the year 3000 would keep out whatever the source sends until then. */
function ahead({ clock }: PlaceDeps, entry: FeedEntry): Refused | undefined {
  const at = sourceTime(entry);
  if (at === undefined || at <= later(clock.now(), days(1))) return undefined;
  const fault = refused(400, 'invalid', 'Its meta.lastUpdated is in the future. Set the clock of the source.');
  return located('resource.meta.lastUpdated', fault);
}

function sourceTime({ resource }: FeedEntry): Date | undefined {
  const meta = resource?.['meta'];
  return isObject(meta) ? instantOf(meta['lastUpdated']) : undefined;
}

/** Older than what the same source sent last, by the source's own clock. */
function isStale(entry: FeedEntry, { sourceUpdated }: AtPractice): boolean {
  const at = sourceTime(entry);
  return at !== undefined && sourceUpdated !== undefined && at < sourceUpdated;
}

/** FHIR R4 §3.1.0.11.1: no two entries are about one resource, nor have one fullUrl. All that do are refused. */
const named = (origin: Origin, entries: readonly FeedEntry[]): ReadonlyMap<number, Refused> =>
  sameTwice(entries.map((entry) => [entry, namesOf(origin, entry)]));

function sameTwice(entries: readonly (readonly [FeedEntry, readonly string[]])[]): ReadonlyMap<number, Refused> {
  const byName = Map.groupBy(
    entries.flatMap(([{ index }, names]) => names.map((name) => ({ index, name }))),
    ({ name }) => name,
  );
  const out = new Map<number, Refused>();
  for (const [name, same] of byName) {
    for (const { index } of same.length > 1 ? same : []) {
      const other = same.find((one) => one.index !== index)?.index;
      out.set(
        index,
        located(
          TWICE[kindOf(name)].where,
          refused(400, 'duplicate', `Bundle.entry[${other}] ${TWICE[kindOf(name)].says}`),
        ),
      );
    }
  }
  return out;
}

const TWICE = {
  id: { where: 'request.url', says: 'is about the same resource.' },
  url: { where: 'fullUrl', says: 'has the same fullUrl.' },
  condition: { where: 'request', says: 'has the same condition.' },
} as const;
const kindOf = (name: string): keyof typeof TWICE => name.split(' ')[0] as keyof typeof TWICE;

function namesOf(origin: Origin, { type, sourceId, fullUrl, ifNoneExist, condition }: FeedEntry): readonly string[] {
  const asked = identifierAsked(ifNoneExist ?? condition ?? '');
  return [
    // By the source's id or by ours, it is one.
    ...(sourceId === undefined ? [] : [`id ${type}/${finalId(origin, { type, sourceId })}`]),
    ...(fullUrl === undefined ? [] : [`url ${fullUrl.toLowerCase()}`]),
    ...(asked === undefined ? [] : [`condition ${type} ${JSON.stringify(asked)}`]),
  ];
}

async function existing(deps: PlaceDeps, entry: FeedEntry): Promise<Found | Refused | undefined> {
  const { tx, origin } = deps;
  const { type, ifNoneExist = '' } = entry;
  const id = await identified(deps, type, ifNoneExist);
  if (typeof id !== 'string') return id && located('request.ifNoneExist', id);
  const there = (await findAtPractice(tx, origin.practiceId, [{ type, id }])).get(`${type}/${id}`);
  return there === undefined ? undefined : { entry, key: { type, sourceId: id }, there };
}

/** @returns the id of the one resource that is there; undefined: there is none */
async function identified(
  { tx, origin }: PlaceDeps,
  type: string,
  condition: string,
): Promise<string | Refused | undefined> {
  const asked = identifierAsked(condition);
  if (asked === undefined || !hasIdentifiers(type))
    return refused(400, 'not-supported', 'The only condition is identifier=system|value, of what has identifiers.');
  const [id, ...others] = await findByIdentifier(tx, origin.practiceId, type, asked);
  if (others.length > 0)
    return refused(412, 'multiple-matches', 'Several resources have this identifier: nothing was written.');
  return id;
}

/**
 * FHIR R4 §3.1.0.4.3, conditional update: what is there is updated; otherwise it is created, under the id it has.
 * @param out is told why some can't be
 */
async function byCondition(
  deps: PlaceDeps,
  entries: readonly FeedEntry[],
  out: Map<number, Refused>,
): Promise<ReadonlyMap<FeedEntry, SourceKey>> {
  const keys = new Map<FeedEntry, SourceKey>();
  for (const entry of entries) {
    const { type, condition, resource } = entry;
    // What goes along with others is there with each of them.
    if (condition === undefined || isCarried(type)) continue;
    const id = await identified(deps, type, condition);
    const said = textAt(resource, 'id');
    if (id !== undefined && typeof id !== 'string') out.set(entry.index, located('request.url', id));
    else if (id === undefined && said !== undefined) keys.set(entry, { type, sourceId: lower(said) });
    else if (id !== undefined && said !== undefined && finalId(deps.origin, { type, sourceId: lower(said) }) !== id)
      out.set(entry.index, located('resource.id', refused(400, 'invalid', OTHER_ID)));
    else if (id !== undefined) keys.set(entry, { type, sourceId: id });
  }
  return keys;
}

const lower = (id: string): string => (isUuid(id) ? id.toLowerCase() : id);
const OTHER_ID = 'What has this identifier has another id. Send it without an id, or with that one.';

/** What is created has an id of its own, whatever it says. What goes along with others is told by what it says. */
function keyOf({ random, origin }: PlaceDeps, { type, sourceId, resource }: FeedEntry): SourceKey {
  if (sourceId !== undefined) return { type, sourceId };
  const made = isCarried(type) ? derivedUuid('posted', origin.source, JSON.stringify(resource)) : random.uuid();
  return { type, sourceId: made };
}

function standing({ origin }: PlaceDeps, { ifMatch }: FeedEntry, before: AtPractice | undefined): Refused | undefined {
  if (before !== undefined && before.source !== origin.source) return refused(409, 'conflict', OTHER_SOURCE, 'kept');
  const isThere = before?.deleted === false;
  if (ifMatch === undefined || (isThere && ifMatch === before.version)) return undefined;
  const now = !isThere ? 'There is no such resource' : `Its version is ${before.version} now`;
  return located('request.ifMatch', refused(412, 'conflict', `${now}: ifMatch named ${ifMatch}.`));
}

export const leftAsItIs = (stale: Found): Outcome => ({
  ...(stale.there.deleted
    ? { version: stale.there.version, lastUpdated: stale.there.lastUpdated }
    : thereAlready(stale)),
  kind: 'stale',
  note: 'This source sent a newer state of it before, by meta.lastUpdated: it was left as it is.',
});

export const thereAlready = ({ key, there }: Found): Outcome => ({
  kind: 'unchanged',
  key: `${key.type}/${key.sourceId}`,
  version: there.version,
  lastUpdated: there.lastUpdated,
});
