import type { Executor } from '../../database/index.ts';
import {
  findAtPractice,
  findByIdentifier,
  hasIdentifiers,
  joinedPatients,
  patientsByMerge,
  type ResourceKey,
  recordsWithParts,
} from '../../fhir/index.ts';
import { isUuid } from '../../kernel/index.ts';
import { conditionalReference, identifierAsked } from '../criteria.ts';
import type { Entry } from '../entry.ts';
import { type Homes, rememberHome } from '../home.ts';
import { isObject, listOf, textAt } from '../json-value.ts';
import { AMBIGUOUS, finalId, findName, type Names, withReferences } from '../names.ts';
import { isAsked } from '../subjects.ts';
import { located, type Refused, refused } from './outcome.ts';

/** All reference texts in a value, without duplicates. */
export function referencesOf(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  withReferences(value, (reference) => {
    found.add(reference);
    return reference;
  });
  return found;
}

/**
 * Resolves the conditional references of an entry, in the Bundle or at the practice, and adds them to the reference
 * map.
 * @returns the reason why the entry can't be written: a referenced resource is missing or ambiguous
 */
export async function learnReferences(
  tx: Executor,
  referenceMap: Names,
  lookups: Asked,
  entry: Entry,
): Promise<Refused | undefined> {
  for (const reference of referencesOf(entry.value)) {
    const error = await learnReference(tx, referenceMap, lookups, reference);
    if (error !== undefined) return located(`resource${placeOf(entry.value, reference)}`, error);
  }
  return undefined;
}

async function learnReference(
  tx: Executor,
  referenceMap: Names,
  lookups: Asked,
  reference: string,
): Promise<Refused | undefined> {
  const resolved = findName(referenceMap, reference);
  if (resolved === AMBIGUOUS) return refused(412, 'multiple-matches', SEVERAL, 'kept');
  if (resolved !== undefined) return undefined;
  if (/^urn:(?:uuid|oid):/i.test(reference)) return refused(400, 'not-found', NO_ENTRY);
  return lookups.faults.get(reference) ?? (await learnOne(tx, referenceMap, lookups, reference));
}

/** FHIRPath of the first occurrence of a reference, such as `.performer[0].reference`. */
function placeOf(value: unknown, reference: string): string | undefined {
  if (isObject(value) && value['reference'] === reference) return isAsked(value) ? '.identifier' : '.reference';
  if (Array.isArray(value))
    return firstOf(
      value.map((item, i) => [`[${i}]`, item] as const),
      reference,
    );
  return isObject(value)
    ? firstOf(
        Object.entries(value).map(([name, member]) => [`.${name}`, member] as const),
        reference,
      )
    : undefined;
}

function firstOf(members: readonly (readonly [string, unknown])[], reference: string): string | undefined {
  for (const [name, member] of members) {
    const within = placeOf(member, reference);
    if (within !== undefined) return `${name}${within}`;
  }
  return undefined;
}

/** Conditional references looked up so far. Each is looked up once, and their number is limited. */
export interface Asked {
  /** Errors of references that could not be resolved, by reference text. */
  readonly faults: Map<string, Refused>;
  count: number;
}

export const nothingAsked = (): Asked => ({ faults: new Map(), count: 0 });

/** Maximum number of lookups per Bundle, because other writers of the practice wait meanwhile. */
const MOST_ASKED = 2000;

async function learnOne(
  tx: Executor,
  referenceMap: Names,
  lookups: Asked,
  reference: string,
): Promise<Refused | undefined> {
  const condition = conditionalReference(reference);
  if (condition === undefined) return undefined;
  if (lookups.count >= MOST_ASKED) return refused(422, 'too-costly', TOO_MANY);
  lookups.count += 1;
  const error = await learnCondition(tx, referenceMap, reference, condition);
  if (error !== undefined) lookups.faults.set(reference, error);
  return error;
}

const TOO_MANY = 'The Bundle has too many conditional references. Send it in parts.';
const SEVERAL = 'What this reference names is there several times.';
const NO_ENTRY = 'This reference is a urn: of no entry that can be written.';

async function learnCondition(
  tx: Executor,
  referenceMap: Names,
  reference: string,
  { type, query }: { readonly type: string; readonly query: string },
): Promise<Refused | undefined> {
  const lookups = identifierAsked(query);
  if (lookups === undefined || !hasIdentifiers(type))
    return refused(400, 'not-supported', 'A conditional reference is Type?identifier=system|value, and no other.');
  const [id, ...others] = await findByIdentifier(tx, referenceMap.origin.practiceId, type, lookups);
  if (id === undefined)
    return refused(412, 'not-found', `There is no ${type} with the identifier that this reference names.`, 'waiting');
  if (others.length > 0) return refused(412, 'multiple-matches', SEVERAL, 'kept');
  referenceMap.own.set(reference, { type, sourceId: id });
  return undefined;
}

/**
 * Loads the patients in whose records the stored targets of this Bundle's Provenance are. For a target that arrived
 * through a merge, it is the Patient with whom it came, so that Provenance is attributed to the same Patient as the
 * rest of the Bundle. Also loads which of the Patients have been merged.
 */
export async function learnHomes(
  tx: Executor,
  referenceMap: Names,
  compartments: Homes,
  entries: readonly Entry[],
): Promise<void> {
  const targets = entries
    .filter(({ value }) => textAt(value, 'resourceType') === 'Provenance')
    .flatMap(({ value }) => listOf(value, 'target').map((target) => textAt(target, 'reference') ?? ''))
    .map((reference) => findName(referenceMap, reference))
    .filter((key) => key !== undefined && key !== AMBIGUOUS);
  if (targets.length === 0) return;
  const sent = new Set(
    [...referenceMap.own.values()].map((key) => (key === AMBIGUOUS ? '' : `${key.type}/${key.sourceId}`)),
  );
  const keys: (ResourceKey & { readonly sourceId: string })[] = targets
    .filter((key) => !sent.has(`${key.type}/${key.sourceId}`))
    .map((key) => ({ ...key, id: finalId(referenceMap.origin, key) }))
    .filter(({ id }) => isUuid(id));
  const stored = await findAtPractice(tx, referenceMap.origin.practiceId, keys);
  const patientByLineage = await patientsOfMerged(tx, stored, keys);
  const patients = patientsNamed(referenceMap, entries);
  const named = (patientId: string): string => patients.get(patientId) ?? patientId;
  for (const key of keys) {
    const name = `${key.type}/${key.id}`;
    const patientId = patientByLineage.get(name) ?? stored.get(name)?.patientId;
    if (patientId !== undefined) rememberHome(compartments, key, named(patientId));
  }
  const all = [...patients.keys(), ...patientByLineage.values()].filter(isUuid);
  for (const [mergedId, survivingId] of await joinedPatients(tx, referenceMap.origin.practiceId, all))
    compartments.joined.set(named(mergedId), named(survivingId));
}

/** For resources in records that contain merged records: the Patient with whom each resource arrived. */
async function patientsOfMerged(
  tx: Executor,
  stored: Awaited<ReturnType<typeof findAtPractice>>,
  keys: readonly ResourceKey[],
): Promise<ReadonlyMap<string, string>> {
  const byRecord = Map.groupBy(keys, ({ type, id }) => stored.get(`${type}/${id}`)?.recordId);
  const recordsWithMerges = await recordsWithParts(
    tx,
    [...byRecord.keys()].filter((recordId) => recordId !== undefined),
  );
  const found: (readonly [string, string])[] = [];
  for (const recordId of recordsWithMerges)
    found.push(...(await patientsByMerge(tx, recordId, byRecord.get(recordId) ?? [])));
  return new Map(found);
}

/** Patients that this Bundle refers to: the source's id by stored id. */
function patientsNamed(referenceMap: Names, entries: readonly Entry[]): ReadonlyMap<string, string> {
  const keys = entries
    .flatMap(({ value }) => [...referencesOf(value)])
    .map((reference) => findName(referenceMap, reference))
    .filter((key) => key !== undefined && key !== AMBIGUOUS)
    .filter(({ type }) => type === 'Patient');
  return new Map(keys.map((key) => [finalId(referenceMap.origin, key), key.sourceId]));
}
