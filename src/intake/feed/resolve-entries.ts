import type { WritePermission } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import {
  findIdsByIdentifier,
  findPracticeResources,
  getStoredCompartment,
  isSearchableByIdentifier,
  type PracticeLock,
  type PracticeResourceState,
  parseInstant,
  requireLocked,
} from '../../fhir/index.ts';
import {
  type Clock,
  createYielder,
  days,
  derivedUuid,
  isObject,
  isUuid,
  later,
  type Random,
  textAt,
} from '../../kernel/index.ts';
import { OTHER_SOURCE } from '../load/store-errors.ts';
import { parseIdentifierCondition } from '../references/identifier-condition.ts';
import { isInlinedType } from '../references/inlined.ts';
import { type SourceOrigin, type SourceResourceKey, toStoredId } from '../references/reference-map.ts';
import { claimCondition } from './claim-condition.ts';
import { type FeedOutcome, type RejectedOutcome, reject, withPath } from './outcome.ts';
import type { FeedEntry } from './read-bundle.ts';

/** An entry that may be written, with the resource that it writes. */
export interface ResolvedEntry {
  readonly entry: FeedEntry;
  readonly key: SourceResourceKey;
  /** Id under which this server stores the resource. It is a UUID, unlike many ids of sending apps. */
  readonly id: string;
  /** State of the stored resource with this id; undefined if there is none. */
  readonly before: PracticeResourceState | undefined;
}

export interface ResolveEntriesDeps {
  readonly tx: Executor;
  readonly clock: Clock;
  readonly random: Random;
  readonly origin: SourceOrigin;
  /**
   * Whether the scopes of the sending app allow it to create (`c`), update (`u`) or delete (`d`) resources of a type.
   */
  readonly may: (permission: WritePermission, type: string) => boolean;
  readonly lock: PracticeLock;
}

/**
 * An entry whose condition matched a stored resource, so nothing is created. References to the entry lead to that
 * resource.
 */
export interface ExistingEntry {
  readonly entry: FeedEntry;
  readonly key: SourceResourceKey;
  readonly existing: PracticeResourceState;
}

export interface ResolvedEntries {
  readonly placed: readonly ResolvedEntry[];
  readonly existing: readonly ExistingEntry[];
  /**
   * Entries that are older than the version that the same app sent before. The stored resource stays as it is, and
   * references to the entry lead to it.
   */
  readonly stale: readonly ExistingEntry[];
  /** Rejections of entries, by index in the Bundle. */
  readonly refused: ReadonlyMap<number, RejectedOutcome>;
}

/**
 * Makes the checks that need no database: whether the scopes of the app allow the write, whether the type is supported,
 * whether the time of the last change is plausible, and whether two entries are about the same resource.
 */
export function screenEntries(
  deps: ResolveEntriesDeps,
  entries: readonly FeedEntry[],
): ReadonlyMap<number, RejectedOutcome> {
  const rejected = new Map<number, RejectedOutcome>();
  for (const entry of entries) {
    const error = checkPermission(deps, entry) ?? checkSupported(entry) ?? checkSourceTime(deps, entry);
    if (error !== undefined) rejected.set(entry.index, error);
  }
  return new Map([
    ...rejected,
    ...findDuplicates(
      deps.origin,
      entries.filter(({ index }) => !rejected.has(index)),
    ),
  ]);
}

/**
 * Finds the stored resource that each entry writes, if there is one, also for conditional creates and updates. Rejects
 * entries whose stored resource comes from another source or doesn't have the version that `ifMatch` names. The entries
 * must have passed `screenEntries` before.
 */
export async function resolveEntries(
  deps: ResolveEntriesDeps,
  entries: readonly FeedEntry[],
): Promise<ResolvedEntries> {
  const rejected = new Map<number, RejectedOutcome>();
  const remainingEntries = (): readonly FeedEntry[] => entries.filter(({ index }) => !rejected.has(index));
  const existing: ExistingEntry[] = [];
  for (const entry of remainingEntries().filter(
    ({ type, ifNoneExist }) => ifNoneExist !== undefined && !isInlinedType(type),
  )) {
    const match = await findExisting(deps, entry);
    if (match === undefined) continue;
    if ('reason' in match) rejected.set(entry.index, match);
    else existing.push(match);
  }
  const isFound = new Set(existing.map(({ entry }) => entry));
  const updated = await resolveConditionalUpdates(deps, remainingEntries(), rejected);
  const keyed: Pick<ResolvedEntry, 'entry' | 'key' | 'id'>[] = [];
  const pauseIfNeeded = createYielder();
  for (const entry of remainingEntries().filter((one) => !isFound.has(one))) {
    const key = updated.get(entry) ?? sourceKeyFor(deps, entry);
    keyed.push({ entry, key, id: toStoredId(deps.origin, key) });
    await pauseIfNeeded();
  }
  const duplicates = rejectDuplicates(keyed.map(({ entry, id }) => [entry, [`id ${entry.type}/${id}`]]));
  for (const [index, error] of duplicates) rejected.set(index, error);
  const keys = keyed.map(({ entry, id }) => ({ type: entry.type, id }));
  const stored = await findPracticeResources(deps.tx, deps.origin.practiceId, keys);
  const placed: ResolvedEntry[] = [];
  const stale: ExistingEntry[] = [];
  for (const one of keyed.filter(({ entry }) => !duplicates.has(entry.index))) {
    const before = stored.get(`${one.entry.type}/${one.id}`);
    if (before?.recordId !== undefined) requireLocked(deps.lock, before.recordId);
    const error = checkPreconditions(deps, one.entry, before);
    if (error !== undefined) rejected.set(one.entry.index, error);
    else if (before !== undefined && isStale(one.entry, before))
      stale.push({ ...one, key: { type: one.key.type, sourceId: one.id }, existing: before });
    else placed.push({ ...one, before });
  }
  return { placed, existing, stale, refused: rejected };
}

const WRITE_PERMISSIONS: Readonly<Record<FeedEntry['method'], WritePermission>> = { POST: 'c', PUT: 'u', DELETE: 'd' };

/**
 * Checks that the app has the scope for an entry. An update that creates a resource needs only `u` (SMART App Launch
 * 2.2 §3.0.2.1).
 */
function checkPermission({ may }: ResolveEntriesDeps, { method, type }: FeedEntry): RejectedOutcome | undefined {
  // A Binary needs no scope of its own. The scope for the resource that refers to it covers it.
  if (type === 'Binary' || may(WRITE_PERMISSIONS[method], type)) return undefined;
  const scope = `system/${type}.${WRITE_PERMISSIONS[method]}`;
  return withPath(
    REQUEST_URL,
    reject(403, 'forbidden', `This access token does not allow this. Request a scope such as ${scope}.`),
  );
}

const REQUEST_URL = 'request.url';

function checkSupported({ type, method }: FeedEntry): RejectedOutcome | undefined {
  if (getStoredCompartment(type) === undefined && !isInlinedType(type))
    return withPath(REQUEST_URL, reject(404, 'not-supported', `This server does not store the resource type ${type}.`));
  if (method === 'DELETE' && type === 'Patient')
    return withPath(
      REQUEST_URL,
      reject(422, 'business-rule', 'A feed can’t delete a Patient, because the Patient is the record itself.'),
    );
  if (method === 'DELETE' && isInlinedType(type))
    return withPath(
      REQUEST_URL,
      reject(
        422,
        'business-rule',
        `A ${type} can’t be deleted on its own. It is deleted with the resources that refer to it.`,
      ),
    );
  return undefined;
}

/**
 * Rejects an entry whose `meta.lastUpdated` is more than a day in the future. If it were stored, every update that the
 * app sends before that time would look older.
 */
function checkSourceTime({ clock }: ResolveEntriesDeps, entry: FeedEntry): RejectedOutcome | undefined {
  const at = sourceTime(entry);
  if (at === undefined || at <= later(clock.now(), days(1))) return undefined;
  const error = reject(400, 'invalid', 'meta.lastUpdated is in the future. Check the clock of the source.');
  return withPath('resource.meta.lastUpdated', error);
}

function sourceTime({ resource }: FeedEntry): Date | undefined {
  const meta = resource?.['meta'];
  return isObject(meta) ? parseInstant(meta['lastUpdated']) : undefined;
}

/** Whether the entry has an earlier `meta.lastUpdated` than the version that the same app sent last. */
function isStale(entry: FeedEntry, { sourceUpdated }: PracticeResourceState): boolean {
  const at = sourceTime(entry);
  return at !== undefined && sourceUpdated !== undefined && at < sourceUpdated;
}

/** Rejects all entries that are about one resource or share a fullUrl (FHIR R4 §3.1.0.11.1). */
const findDuplicates = (origin: SourceOrigin, entries: readonly FeedEntry[]): ReadonlyMap<number, RejectedOutcome> =>
  rejectDuplicates(entries.map((entry) => [entry, entryNames(origin, entry)]));

function rejectDuplicates(
  entries: readonly (readonly [FeedEntry, readonly string[]])[],
): ReadonlyMap<number, RejectedOutcome> {
  const byName = Map.groupBy(
    entries.flatMap(([{ index }, names]) => names.map((name) => ({ index, name }))),
    ({ name }) => name,
  );
  const rejected = new Map<number, RejectedOutcome>();
  for (const [name, duplicates] of byName) {
    for (const { index } of duplicates.length > 1 ? duplicates : []) {
      const other = duplicates.find((one) => one.index !== index)?.index;
      rejected.set(
        index,
        withPath(
          DUPLICATE_TEXTS[duplicateKind(name)].where,
          reject(400, 'duplicate', `Bundle.entry[${other}] ${DUPLICATE_TEXTS[duplicateKind(name)].says}`),
        ),
      );
    }
  }
  return rejected;
}

const DUPLICATE_TEXTS = {
  id: { where: 'request.url', says: 'is for the same resource.' },
  url: { where: 'fullUrl', says: 'has the same fullUrl.' },
  condition: { where: 'request', says: 'has the same condition.' },
} as const;
const duplicateKind = (name: string): keyof typeof DUPLICATE_TEXTS =>
  name.split(' ')[0] as keyof typeof DUPLICATE_TEXTS;

function entryNames(
  origin: SourceOrigin,
  { type, sourceId, fullUrl, ifNoneExist, condition }: FeedEntry,
): readonly string[] {
  const identifier = parseIdentifierCondition(ifNoneExist ?? condition ?? '');
  return [
    // An app may use its own id or the stored id for the same resource, so both become the stored id here.
    ...(sourceId === undefined ? [] : [`id ${type}/${toStoredId(origin, { type, sourceId })}`]),
    ...(fullUrl === undefined ? [] : [`url ${fullUrl.toLowerCase()}`]),
    ...(identifier === undefined ? [] : [`condition ${type} ${JSON.stringify(identifier)}`]),
  ];
}

async function findExisting(
  deps: ResolveEntriesDeps,
  entry: FeedEntry,
): Promise<ExistingEntry | RejectedOutcome | undefined> {
  const { tx, origin } = deps;
  const { type, ifNoneExist = '' } = entry;
  const id = await findByCondition(deps, type, ifNoneExist);
  if (typeof id !== 'string') return id && withPath('request.ifNoneExist', id);
  const existing = (await findPracticeResources(tx, origin.practiceId, [{ type, id }])).get(`${type}/${id}`);
  return existing === undefined ? undefined : { entry, key: { type, sourceId: id }, existing };
}

/**
 * Finds the resource that matches a condition.
 * @returns its id; undefined if nothing matches
 */
async function findByCondition(
  { tx, origin, lock }: ResolveEntriesDeps,
  type: string,
  condition: string,
): Promise<string | RejectedOutcome | undefined> {
  const identifier = parseIdentifierCondition(condition);
  if (identifier === undefined || !isSearchableByIdentifier(type))
    return reject(
      400,
      'not-supported',
      'The only supported condition is identifier=system|value, for types that have identifiers.',
    );
  const find = () => findIdsByIdentifier(tx, origin.practiceId, type, identifier);
  let [id, ...others] = await find();
  if (id === undefined && lock.mode === 'shared') {
    await claimCondition(tx, origin.practiceId, `${type}?${condition}`);
    [id, ...others] = await find();
  }
  if (others.length > 0)
    return reject(412, 'multiple-matches', 'Several resources have this identifier, so nothing was written.');
  return id;
}

/**
 * Resolves conditional updates. If a stored resource matches the condition, it is updated. Otherwise the sent resource
 * is created with the id that it contains (FHIR R4 §3.1.0.4.3).
 * @param rejected receives the rejections by index in the Bundle
 */
async function resolveConditionalUpdates(
  deps: ResolveEntriesDeps,
  entries: readonly FeedEntry[],
  rejected: Map<number, RejectedOutcome>,
): Promise<ReadonlyMap<FeedEntry, SourceResourceKey>> {
  const keys = new Map<FeedEntry, SourceResourceKey>();
  for (const entry of entries) {
    const { type, condition, resource } = entry;
    // Binaries and Medications are stored only with the resources that refer to them, so they can't be updated.
    if (condition === undefined || isInlinedType(type)) continue;
    const id = await findByCondition(deps, type, condition);
    const ownId = textAt(resource, 'id');
    if (id !== undefined && typeof id !== 'string') rejected.set(entry.index, withPath('request.url', id));
    else if (id === undefined && ownId !== undefined) keys.set(entry, { type, sourceId: normalizeId(ownId) });
    else if (
      id !== undefined &&
      ownId !== undefined &&
      toStoredId(deps.origin, { type, sourceId: normalizeId(ownId) }) !== id
    )
      rejected.set(entry.index, withPath('resource.id', reject(400, 'invalid', ID_MISMATCH)));
    else if (id !== undefined) keys.set(entry, { type, sourceId: id });
  }
  return keys;
}

const normalizeId = (id: string): string => (isUuid(id) ? id.toLowerCase() : id);
const ID_MISMATCH =
  'The resource with this identifier has a different id. Send the resource without an id, or with that id.';

/**
 * Returns the key of an entry's resource, as the sending app identifies it. A created resource gets a new id, whatever
 * id it contains. A Binary or Medication gets an id that is derived from its content.
 */
function sourceKeyFor(
  { random, origin }: ResolveEntriesDeps,
  { type, sourceId, resource }: FeedEntry,
): SourceResourceKey {
  if (sourceId !== undefined) return { type, sourceId };
  const made = isInlinedType(type) ? derivedUuid('posted', origin.source, JSON.stringify(resource)) : random.uuid();
  return { type, sourceId: made };
}

function checkPreconditions(
  { origin }: ResolveEntriesDeps,
  { ifMatch }: FeedEntry,
  before: PracticeResourceState | undefined,
): RejectedOutcome | undefined {
  if (before !== undefined && before.source !== origin.source) return reject(409, 'conflict', OTHER_SOURCE, 'kept');
  const isThere = before?.deleted === false;
  if (ifMatch === undefined || (isThere && ifMatch === before.version)) return undefined;
  const now = !isThere ? 'The resource does not exist' : `The current version is ${before.version}`;
  return withPath('request.ifMatch', reject(412, 'conflict', `${now}, but ifMatch named ${ifMatch}.`));
}

export const staleOutcome = (stale: ExistingEntry): FeedOutcome => ({
  ...(stale.existing.deleted
    ? { version: stale.existing.version, lastUpdated: stale.existing.lastUpdated }
    : unchangedOutcome(stale)),
  kind: 'stale',
  note: 'This source already sent a newer state, by meta.lastUpdated. The resource was not changed.',
});

export const unchangedOutcome = ({ key, existing }: ExistingEntry): FeedOutcome => ({
  kind: 'unchanged',
  key: `${key.type}/${key.sourceId}`,
  version: existing.version,
  lastUpdated: existing.lastUpdated,
});
