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

/** An entry that may be written, with its target. */
export interface Placed {
  readonly entry: FeedEntry;
  readonly key: SourceKey;
  /** Id under which this server stores the resource. */
  readonly id: string;
  /** Resource that exists now under this id. */
  readonly before: AtPractice | undefined;
}

export interface PlaceDeps {
  readonly tx: Executor;
  readonly clock: Clock;
  readonly random: Random;
  readonly origin: Origin;
  /** Whether the sender has the permission for the type. */
  readonly may: (permission: WritePermission, type: string) => boolean;
}

/** An entry whose conditional create matched an existing resource. References to the entry lead to that resource. */
export interface Found {
  readonly entry: FeedEntry;
  readonly key: SourceKey;
  readonly there: AtPractice;
}

export interface Places {
  readonly placed: readonly Placed[];
  readonly found: readonly Found[];
  /**
   * Entries that are older than what the source sent before. The stored resource remains, and references lead to it.
   */
  readonly stale: readonly Found[];
  /** Rejected entries by index in the Bundle. */
  readonly refused: ReadonlyMap<number, Refused>;
}

/**
 * Checks that need no database: whether the app has the permission, whether the type is supported, whether the source's
 * time is plausible, and whether two entries are about the same resource.
 */
export function screenEntries(deps: PlaceDeps, entries: readonly FeedEntry[]): ReadonlyMap<number, Refused> {
  const rejected = new Map<number, Refused>();
  for (const entry of entries) {
    const error = forbidden(deps, entry) ?? unkept(entry) ?? ahead(deps, entry);
    if (error !== undefined) rejected.set(entry.index, error);
  }
  return new Map([
    ...rejected,
    ...named(
      deps.origin,
      entries.filter(({ index }) => !rejected.has(index)),
    ),
  ]);
}

/**
 * Looks up what exists for each entry, and checks its source and version. The caller must have screened the entries.
 */
export async function placeEntries(deps: PlaceDeps, entries: readonly FeedEntry[]): Promise<Places> {
  const rejected = new Map<number, Refused>();
  const remainingEntries = (): readonly FeedEntry[] => entries.filter(({ index }) => !rejected.has(index));
  const found: Found[] = [];
  for (const entry of remainingEntries().filter(
    ({ type, ifNoneExist }) => ifNoneExist !== undefined && !isCarried(type),
  )) {
    const match = await existing(deps, entry);
    if (match === undefined) continue;
    if ('reason' in match) rejected.set(entry.index, match);
    else found.push(match);
  }
  const isFound = new Set(found.map(({ entry }) => entry));
  const updated = await byCondition(deps, remainingEntries(), rejected);
  const keyed: Pick<Placed, 'entry' | 'key' | 'id'>[] = [];
  const pauseIfNeeded = pace();
  for (const entry of remainingEntries().filter((one) => !isFound.has(one))) {
    const key = updated.get(entry) ?? keyOf(deps, entry);
    keyed.push({ entry, key, id: finalId(deps.origin, key) });
    await pauseIfNeeded();
  }
  const duplicates = sameTwice(keyed.map(({ entry, id }) => [entry, [`id ${entry.type}/${id}`]]));
  for (const [index, error] of duplicates) rejected.set(index, error);
  const keys = keyed.map(({ entry, id }) => ({ type: entry.type, id }));
  const stored = await findAtPractice(deps.tx, deps.origin.practiceId, keys);
  const placed: Placed[] = [];
  const stale: Found[] = [];
  for (const one of keyed.filter(({ entry }) => !duplicates.has(entry.index))) {
    const before = stored.get(`${one.entry.type}/${one.id}`);
    const error = standing(deps, one.entry, before);
    if (error !== undefined) rejected.set(one.entry.index, error);
    else if (before !== undefined && isStale(one.entry, before))
      stale.push({ ...one, key: { type: one.key.type, sourceId: one.id }, there: before });
    else placed.push({ ...one, before });
  }
  return { placed, found, stale, refused: rejected };
}

const LETTERS: Readonly<Record<FeedEntry['method'], WritePermission>> = { POST: 'c', PUT: 'u', DELETE: 'd' };

/** Checks the scope. An update that creates a resource requires only `u`. SMART App Launch 2.2 §3.0.2.1. */
function forbidden({ may }: PlaceDeps, { method, type }: FeedEntry): Refused | undefined {
  // A Binary needs no scope of its own; it is covered by the resource that points to it.
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

/** Rejects a source time in the future, because it would make all updates until then look stale. */
function ahead({ clock }: PlaceDeps, entry: FeedEntry): Refused | undefined {
  const at = sourceTime(entry);
  if (at === undefined || at <= later(clock.now(), days(1))) return undefined;
  const error = refused(400, 'invalid', 'Its meta.lastUpdated is in the future. Set the clock of the source.');
  return located('resource.meta.lastUpdated', error);
}

function sourceTime({ resource }: FeedEntry): Date | undefined {
  const meta = resource?.['meta'];
  return isObject(meta) ? instantOf(meta['lastUpdated']) : undefined;
}

/** Whether the entry is older than the version that the same source sent last, by the source's clock. */
function isStale(entry: FeedEntry, { sourceUpdated }: AtPractice): boolean {
  const at = sourceTime(entry);
  return at !== undefined && sourceUpdated !== undefined && at < sourceUpdated;
}

/** Rejects entries that are about one resource or share a fullUrl, all of them. FHIR R4 §3.1.0.11.1. */
const named = (origin: Origin, entries: readonly FeedEntry[]): ReadonlyMap<number, Refused> =>
  sameTwice(entries.map((entry) => [entry, namesOf(origin, entry)]));

function sameTwice(entries: readonly (readonly [FeedEntry, readonly string[]])[]): ReadonlyMap<number, Refused> {
  const byName = Map.groupBy(
    entries.flatMap(([{ index }, names]) => names.map((name) => ({ index, name }))),
    ({ name }) => name,
  );
  const rejected = new Map<number, Refused>();
  for (const [name, duplicates] of byName) {
    for (const { index } of duplicates.length > 1 ? duplicates : []) {
      const other = duplicates.find((one) => one.index !== index)?.index;
      rejected.set(
        index,
        located(
          TWICE[kindOf(name)].where,
          refused(400, 'duplicate', `Bundle.entry[${other}] ${TWICE[kindOf(name)].says}`),
        ),
      );
    }
  }
  return rejected;
}

const TWICE = {
  id: { where: 'request.url', says: 'is about the same resource.' },
  url: { where: 'fullUrl', says: 'has the same fullUrl.' },
  condition: { where: 'request', says: 'has the same condition.' },
} as const;
const kindOf = (name: string): keyof typeof TWICE => name.split(' ')[0] as keyof typeof TWICE;

function namesOf(origin: Origin, { type, sourceId, fullUrl, ifNoneExist, condition }: FeedEntry): readonly string[] {
  const identifier = identifierAsked(ifNoneExist ?? condition ?? '');
  return [
    // The source's id and the stored id identify the same resource.
    ...(sourceId === undefined ? [] : [`id ${type}/${finalId(origin, { type, sourceId })}`]),
    ...(fullUrl === undefined ? [] : [`url ${fullUrl.toLowerCase()}`]),
    ...(identifier === undefined ? [] : [`condition ${type} ${JSON.stringify(identifier)}`]),
  ];
}

async function existing(deps: PlaceDeps, entry: FeedEntry): Promise<Found | Refused | undefined> {
  const { tx, origin } = deps;
  const { type, ifNoneExist = '' } = entry;
  const id = await identified(deps, type, ifNoneExist);
  if (typeof id !== 'string') return id && located('request.ifNoneExist', id);
  const existing = (await findAtPractice(tx, origin.practiceId, [{ type, id }])).get(`${type}/${id}`);
  return existing === undefined ? undefined : { entry, key: { type, sourceId: id }, there: existing };
}

/** @returns id of the only matching resource; undefined when there is none */
async function identified(
  { tx, origin }: PlaceDeps,
  type: string,
  condition: string,
): Promise<string | Refused | undefined> {
  const identifier = identifierAsked(condition);
  if (identifier === undefined || !hasIdentifiers(type))
    return refused(400, 'not-supported', 'The only condition is identifier=system|value, of what has identifiers.');
  const [id, ...others] = await findByIdentifier(tx, origin.practiceId, type, identifier);
  if (others.length > 0)
    return refused(412, 'multiple-matches', 'Several resources have this identifier: nothing was written.');
  return id;
}

/**
 * Resolves conditional updates: an existing resource is updated, otherwise the resource is created under the id that it
 * contains. FHIR R4 §3.1.0.4.3.
 * @param out receives the errors by index
 */
async function byCondition(
  deps: PlaceDeps,
  entries: readonly FeedEntry[],
  rejected: Map<number, Refused>,
): Promise<ReadonlyMap<FeedEntry, SourceKey>> {
  const keys = new Map<FeedEntry, SourceKey>();
  for (const entry of entries) {
    const { type, condition, resource } = entry;
    // An inlined type has no resource of its own that could be updated.
    if (condition === undefined || isCarried(type)) continue;
    const id = await identified(deps, type, condition);
    const ownId = textAt(resource, 'id');
    if (id !== undefined && typeof id !== 'string') rejected.set(entry.index, located('request.url', id));
    else if (id === undefined && ownId !== undefined) keys.set(entry, { type, sourceId: lower(ownId) });
    else if (id !== undefined && ownId !== undefined && finalId(deps.origin, { type, sourceId: lower(ownId) }) !== id)
      rejected.set(entry.index, located('resource.id', refused(400, 'invalid', OTHER_ID)));
    else if (id !== undefined) keys.set(entry, { type, sourceId: id });
  }
  return keys;
}

const lower = (id: string): string => (isUuid(id) ? id.toLowerCase() : id);
const OTHER_ID = 'What has this identifier has another id. Send it without an id, or with that one.';

/**
 * Source key of an entry. A created resource gets a new id, whatever id it contains. An inlined resource gets an id
 * that is derived from its content.
 */
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

export const thereAlready = ({ key, there: existing }: Found): Outcome => ({
  kind: 'unchanged',
  key: `${key.type}/${key.sourceId}`,
  version: existing.version,
  lastUpdated: existing.lastUpdated,
});
