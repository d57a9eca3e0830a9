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
import { type Clock, days, derivedUuid, later, type Random } from '../../kernel/index.ts';
import { isCarried } from '../carried.ts';
import { isObject } from '../json-value.ts';
import { finalId, type Origin, type SourceKey } from '../names.ts';
import { OTHER_SOURCE } from '../unstorable.ts';
import { identifierAsked } from './criteria.ts';
import { type Outcome, type Refused, refused } from './outcome.ts';
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
  return new Map([...out, ...named(entries.filter(({ index }) => !out.has(index)))]);
}

/** And then: what is there, whose is it, is it the version it should be? */
export async function placeEntries(deps: PlaceDeps, entries: readonly FeedEntry[]): Promise<Places> {
  const out = new Map<number, Refused>();
  const still = (): readonly FeedEntry[] => entries.filter(({ index }) => !out.has(index));
  const found: Found[] = [];
  for (const entry of still().filter(({ ifNoneExist }) => ifNoneExist !== undefined)) {
    const there = await existing(deps, entry);
    if (there === undefined) continue;
    if ('reason' in there) out.set(entry.index, there);
    else found.push(there);
  }
  const isFound = new Set(found.map(({ entry }) => entry));
  const keyed = still()
    .filter((entry) => !isFound.has(entry))
    .map((entry) => ({ entry, key: keyOf(deps, entry) }))
    .map((one) => ({ ...one, id: finalId(deps.origin, one.key) }));
  const keys = keyed.map(({ entry, id }) => ({ type: entry.type, id }));
  const stored = await findAtPractice(deps.tx, deps.origin.practiceId, keys);
  const placed: Placed[] = [];
  const stale: Found[] = [];
  for (const one of keyed) {
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
  return refused(
    403,
    'forbidden',
    `This access token does not allow this. Ask for a scope such as system/${type}.${LETTERS[method]}.`,
  );
}

function unkept({ type, method }: FeedEntry): Refused | undefined {
  if (storedHome(type) === undefined && !isCarried(type))
    return refused(404, 'not-supported', `This server does not keep the resource type ${type}.`);
  if (method === 'DELETE' && type === 'Patient')
    return refused(422, 'business-rule', 'A Patient is the record itself: no feed takes that away.');
  if (method === 'DELETE' && isCarried(type))
    return refused(422, 'business-rule', `A ${type} goes with what refers to it: it is not deleted by itself.`);
  return undefined;
}

/** A date of the year 3000 would keep out whatever the source sends until then. */
function ahead({ clock }: PlaceDeps, entry: FeedEntry): Refused | undefined {
  const at = sourceTime(entry);
  if (at === undefined || at <= later(clock.now(), days(1))) return undefined;
  return refused(400, 'invalid', 'Its meta.lastUpdated is in the future. Set the clock of the source.');
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
function named(entries: readonly FeedEntry[]): ReadonlyMap<number, Refused> {
  const names = entries.map((entry) => ({ entry, names: namesOf(entry) }));
  const count = new Map<string, number>();
  for (const name of names.flatMap((one) => one.names)) count.set(name, (count.get(name) ?? 0) + 1);
  const twice = names.filter((one) => one.names.some((name) => (count.get(name) ?? 0) > 1));
  return new Map(
    twice.map(({ entry }) => [
      entry.index,
      refused(
        400,
        'duplicate',
        'Another entry is about the same resource, has the same fullUrl or the same condition.',
      ),
    ]),
  );
}

const namesOf = ({ type, sourceId, fullUrl, ifNoneExist }: FeedEntry): readonly string[] => [
  ...(sourceId === undefined ? [] : [`id ${type}/${sourceId}`]),
  ...(fullUrl === undefined ? [] : [`url ${fullUrl.toLowerCase()}`]),
  ...(ifNoneExist === undefined ? [] : [`condition ${type} ${JSON.stringify(identifierAsked(ifNoneExist))}`]),
];

async function existing({ tx, origin }: PlaceDeps, entry: FeedEntry): Promise<Found | Refused | undefined> {
  const { type, ifNoneExist = '' } = entry;
  const asked = identifierAsked(ifNoneExist);
  if (asked === undefined || !hasIdentifiers(type))
    return refused(400, 'not-supported', 'The only condition to create by is identifier=system|value.');
  const [id, ...others] = await findByIdentifier(tx, origin.practiceId, type, asked);
  if (id === undefined) return undefined;
  if (others.length > 0)
    return refused(412, 'multiple-matches', 'Several resources have this identifier: nothing was created.');
  const there = (await findAtPractice(tx, origin.practiceId, [{ type, id }])).get(`${type}/${id}`);
  return there === undefined ? undefined : { entry, key: { type, sourceId: id }, there };
}

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
  return refused(412, 'conflict', `${now}: ifMatch named ${ifMatch}.`);
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
