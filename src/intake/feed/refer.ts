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

/** All texts of references in a value, each once. */
export function referencesOf(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  withReferences(value, (reference) => {
    found.add(reference);
    return reference;
  });
  return found;
}

/**
 * Finds out what conditional references name, in the Bundle or at the practice, and teaches it to the names.
 * @returns why an entry can't be written: what it refers to is not there, or there are several of it
 */
export async function learnReferences(
  tx: Executor,
  names: Names,
  asked: Asked,
  entry: Entry,
): Promise<Refused | undefined> {
  for (const reference of referencesOf(entry.value)) {
    const fault = await learnReference(tx, names, asked, reference);
    if (fault !== undefined) return located(`resource${placeOf(entry.value, reference)}`, fault);
  }
  return undefined;
}

async function learnReference(
  tx: Executor,
  names: Names,
  asked: Asked,
  reference: string,
): Promise<Refused | undefined> {
  const known = findName(names, reference);
  if (known === AMBIGUOUS) return refused(412, 'multiple-matches', SEVERAL, 'kept');
  if (known !== undefined) return undefined;
  if (/^urn:(?:uuid|oid):/i.test(reference)) return refused(400, 'not-found', NO_ENTRY);
  return asked.faults.get(reference) ?? (await learnOne(tx, names, asked, reference));
}

/** Where a reference stands first, as FHIRPath has it: `.performer[0].reference`. */
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

/** What was asked of conditional references: each once, and not too many. */
export interface Asked {
  /** Of those that name nothing. */
  readonly faults: Map<string, Refused>;
  count: number;
}

export const nothingAsked = (): Asked => ({ faults: new Map(), count: 0 });

/** Of a Bundle: the practice's other writers wait while it is asked. */
const MOST_ASKED = 2000;

async function learnOne(tx: Executor, names: Names, asked: Asked, reference: string): Promise<Refused | undefined> {
  const condition = conditionalReference(reference);
  if (condition === undefined) return undefined;
  if (asked.count >= MOST_ASKED) return refused(422, 'too-costly', TOO_MANY);
  asked.count += 1;
  const fault = await learnCondition(tx, names, reference, condition);
  if (fault !== undefined) asked.faults.set(reference, fault);
  return fault;
}

const TOO_MANY = 'The Bundle has too many conditional references. Send it in parts.';
const SEVERAL = 'What this reference names is there several times.';
const NO_ENTRY = 'This reference is a urn: of no entry that can be written.';

async function learnCondition(
  tx: Executor,
  names: Names,
  reference: string,
  { type, query }: { readonly type: string; readonly query: string },
): Promise<Refused | undefined> {
  const asked = identifierAsked(query);
  if (asked === undefined || !hasIdentifiers(type))
    return refused(400, 'not-supported', 'A conditional reference is Type?identifier=system|value, and no other.');
  const [id, ...others] = await findByIdentifier(tx, names.origin.practiceId, type, asked);
  if (id === undefined)
    return refused(412, 'not-found', `There is no ${type} with the identifier that this reference names.`, 'waiting');
  if (others.length > 0) return refused(412, 'multiple-matches', SEVERAL, 'kept');
  names.own.set(reference, { type, sourceId: id });
  return undefined;
}

/**
 * In whose record stored resources are that Provenance of this Bundle is about: of what came with a merge, by whom it came,
 * so that it is said of the same Patient as what the Bundle brings beside. And which of the Patients are one by now.
 */
export async function learnHomes(tx: Executor, names: Names, homes: Homes, entries: readonly Entry[]): Promise<void> {
  const targets = entries
    .filter(({ value }) => textAt(value, 'resourceType') === 'Provenance')
    .flatMap(({ value }) => listOf(value, 'target').map((target) => textAt(target, 'reference') ?? ''))
    .map((reference) => findName(names, reference))
    .filter((key) => key !== undefined && key !== AMBIGUOUS);
  if (targets.length === 0) return;
  const sent = new Set([...names.own.values()].map((key) => (key === AMBIGUOUS ? '' : `${key.type}/${key.sourceId}`)));
  const keys: (ResourceKey & { readonly sourceId: string })[] = targets
    .filter((key) => !sent.has(`${key.type}/${key.sourceId}`))
    .map((key) => ({ ...key, id: finalId(names.origin, key) }))
    .filter(({ id }) => isUuid(id));
  const stored = await findAtPractice(tx, names.origin.practiceId, keys);
  const cameWith = await patientsOfMerged(tx, stored, keys);
  const patients = patientsNamed(names, entries);
  const named = (patientId: string): string => patients.get(patientId) ?? patientId;
  for (const key of keys) {
    const name = `${key.type}/${key.id}`;
    const patientId = cameWith.get(name) ?? stored.get(name)?.patientId;
    if (patientId !== undefined) rememberHome(homes, key, named(patientId));
  }
  const all = [...patients.keys(), ...cameWith.values()].filter(isUuid);
  for (const [gone, remains] of await joinedPatients(tx, names.origin.practiceId, all))
    homes.joined.set(named(gone), named(remains));
}

/** With whom resources came that are in records which others became a part of. */
async function patientsOfMerged(
  tx: Executor,
  stored: Awaited<ReturnType<typeof findAtPractice>>,
  keys: readonly ResourceKey[],
): Promise<ReadonlyMap<string, string>> {
  const byRecord = Map.groupBy(keys, ({ type, id }) => stored.get(`${type}/${id}`)?.recordId);
  const joined = await recordsWithParts(
    tx,
    [...byRecord.keys()].filter((recordId) => recordId !== undefined),
  );
  const found: (readonly [string, string])[] = [];
  for (const recordId of joined) found.push(...(await patientsByMerge(tx, recordId, byRecord.get(recordId) ?? [])));
  return new Map(found);
}

/** Patients as this Bundle names them, by the ids they have here. */
function patientsNamed(names: Names, entries: readonly Entry[]): ReadonlyMap<string, string> {
  const keys = entries
    .flatMap(({ value }) => [...referencesOf(value)])
    .map((reference) => findName(names, reference))
    .filter((key) => key !== undefined && key !== AMBIGUOUS)
    .filter(({ type }) => type === 'Patient');
  return new Map(keys.map((key) => [finalId(names.origin, key), key.sourceId]));
}
