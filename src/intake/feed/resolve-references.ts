import type { Executor } from '../../database/index.ts';
import {
  findIdsByIdentifier,
  findMergeSurvivors,
  findOriginalPatients,
  findPracticeResources,
  findSurvivingPatients,
  isSearchableByIdentifier,
  type ResourceKey,
} from '../../fhir/index.ts';
import { isObject, isUuid, itemsAt, textAt } from '../../kernel/index.ts';
import type { ImportEntry } from '../import/entry.ts';
import { type CompartmentMap, recordCompartment } from '../references/compartment.ts';
import { parseConditionalReference, parseIdentifierCondition } from '../references/identifier-condition.ts';
import { isFromIdentifier } from '../references/patient-references.ts';
import { AMBIGUOUS, mapReferences, type ReferenceMap, resolveName, toStoredId } from '../references/reference-map.ts';
import { type RejectedOutcome, reject, withPath } from './outcome.ts';

/** Returns the texts of all references in a value, without duplicates. */
export function findReferences(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  mapReferences(value, (reference) => {
    found.add(reference);
    return reference;
  });
  return found;
}

/**
 * Resolves the conditional references of an entry, in the Bundle or by a lookup at the practice, and adds them to the
 * reference map.
 * @returns a rejection if a referenced resource is missing or ambiguous
 */
export async function resolveReferences(
  tx: Executor,
  referenceMap: ReferenceMap,
  lookups: ConditionalLookups,
  entry: ImportEntry,
): Promise<RejectedOutcome | undefined> {
  for (const reference of findReferences(entry.value)) {
    const error = await resolveReferenceText(tx, referenceMap, lookups, reference);
    if (error !== undefined) return withPath(`resource${referencePath(entry.value, reference)}`, error);
  }
  return undefined;
}

async function resolveReferenceText(
  tx: Executor,
  referenceMap: ReferenceMap,
  lookups: ConditionalLookups,
  reference: string,
): Promise<RejectedOutcome | undefined> {
  const resolved = resolveName(referenceMap, reference);
  if (resolved === AMBIGUOUS) return reject(412, 'multiple-matches', SEVERAL_MATCHES, 'kept');
  if (resolved !== undefined) return undefined;
  if (/^urn:(?:uuid|oid):/i.test(reference)) return reject(400, 'not-found', UNKNOWN_URN);
  return lookups.rejections.get(reference) ?? (await lookUpCondition(tx, referenceMap, lookups, reference));
}

/** Returns the FHIRPath of the first occurrence of a reference, such as `.performer[0].reference`. */
function referencePath(value: unknown, reference: string): string | undefined {
  if (isObject(value) && value['reference'] === reference)
    return isFromIdentifier(value) ? '.identifier' : '.reference';
  if (Array.isArray(value))
    return firstReferencePath(
      value.map((item, i) => [`[${i}]`, item] as const),
      reference,
    );
  return isObject(value)
    ? firstReferencePath(
        Object.entries(value).map(([name, member]) => [`.${name}`, member] as const),
        reference,
      )
    : undefined;
}

function firstReferencePath(members: readonly (readonly [string, unknown])[], reference: string): string | undefined {
  for (const [name, member] of members) {
    const within = referencePath(member, reference);
    if (within !== undefined) return `${name}${within}`;
  }
  return undefined;
}

/** Conditional references of a Bundle that have been looked up. Each is looked up once, and their number is limited. */
export interface ConditionalLookups {
  /** Rejections for references that could not be resolved, by the text of the reference. */
  readonly rejections: Map<string, RejectedOutcome>;
  count: number;
}

export const newConditionalLookups = (): ConditionalLookups => ({ rejections: new Map(), count: 0 });

/**
 * Maximum number of conditional references that are looked up for one Bundle. It is limited because other writers of
 * the practice wait meanwhile.
 */
const MAX_LOOKUPS = 2000;

async function lookUpCondition(
  tx: Executor,
  referenceMap: ReferenceMap,
  lookups: ConditionalLookups,
  reference: string,
): Promise<RejectedOutcome | undefined> {
  const condition = parseConditionalReference(reference);
  if (condition === undefined) return undefined;
  if (lookups.count >= MAX_LOOKUPS) return reject(422, 'too-costly', TOO_MANY_LOOKUPS);
  lookups.count += 1;
  const error = await resolveCondition(tx, referenceMap, reference, condition);
  if (error !== undefined) lookups.rejections.set(reference, error);
  return error;
}

/** Rejection reason of a reference whose identifier no resource of the type has. */
export const unknownIdentifier = (type: string): string => `No ${type} has the identifier in this reference.`;

const TOO_MANY_LOOKUPS = 'The Bundle has too many conditional references. Send it in parts.';
const SEVERAL_MATCHES = 'Several resources match this reference.';
const UNKNOWN_URN = 'This urn: reference matches no entry that can be written.';

async function resolveCondition(
  tx: Executor,
  referenceMap: ReferenceMap,
  reference: string,
  { type, query }: { readonly type: string; readonly query: string },
): Promise<RejectedOutcome | undefined> {
  const lookups = parseIdentifierCondition(query);
  if (lookups === undefined || !isSearchableByIdentifier(type))
    return reject(400, 'not-supported', 'A conditional reference must have the form Type?identifier=system|value.');
  const [id, ...others] = await findIdsByIdentifier(tx, referenceMap.origin.practiceId, type, lookups);
  if (id === undefined) return reject(412, 'not-found', unknownIdentifier(type), 'waiting');
  if (others.length > 0) return reject(412, 'multiple-matches', SEVERAL_MATCHES, 'kept');
  referenceMap.byFullUrl.set(reference, { type, sourceId: id });
  return undefined;
}

/**
 * Loads the patient of each stored target of this Bundle's Provenance. If a merge of records brought the target into
 * its present record, it loads the Patient of the former record, so that the Provenance is assigned to the same Patient
 * as the rest of the Bundle. It also loads which of these Patients have been merged.
 */
export async function loadTargetCompartments(
  tx: Executor,
  referenceMap: ReferenceMap,
  compartments: CompartmentMap,
  entries: readonly ImportEntry[],
): Promise<void> {
  const targets = entries
    .filter(({ value }) => textAt(value, 'resourceType') === 'Provenance')
    .flatMap(({ value }) => itemsAt(value, 'target').map((target) => textAt(target, 'reference') ?? ''))
    .map((reference) => resolveName(referenceMap, reference))
    .filter((key) => key !== undefined && key !== AMBIGUOUS);
  if (targets.length === 0) return;
  const sent = new Set(
    [...referenceMap.byFullUrl.values()].map((key) => (key === AMBIGUOUS ? '' : `${key.type}/${key.sourceId}`)),
  );
  const keys: (ResourceKey & { readonly sourceId: string })[] = targets
    .filter((key) => !sent.has(`${key.type}/${key.sourceId}`))
    .map((key) => ({ ...key, id: toStoredId(referenceMap.origin, key) }))
    .filter(({ id }) => isUuid(id));
  const stored = await findPracticeResources(tx, referenceMap.origin.practiceId, keys);
  const patientByLineage = await findPatientsByLineage(tx, stored, keys);
  const patients = mapPatientIds(referenceMap, entries);
  const named = (patientId: string): string => patients.get(patientId) ?? patientId;
  for (const key of keys) {
    const name = `${key.type}/${key.id}`;
    const patientId = patientByLineage.get(name) ?? stored.get(name)?.patientId;
    if (patientId !== undefined) recordCompartment(compartments, key, named(patientId));
  }
  const all = [...patients.keys(), ...patientByLineage.values()].filter(isUuid);
  for (const [mergedId, survivingId] of await findSurvivingPatients(tx, referenceMap.origin.practiceId, all))
    compartments.joined.set(named(mergedId), named(survivingId));
}

/**
 * Finds the Patients to whom resources belonged before merges brought them into their present records. Resources that
 * didn't come through a merge have no entry in the result.
 */
async function findPatientsByLineage(
  tx: Executor,
  stored: Awaited<ReturnType<typeof findPracticeResources>>,
  keys: readonly ResourceKey[],
): Promise<ReadonlyMap<string, string>> {
  const byRecord = Map.groupBy(keys, ({ type, id }) => stored.get(`${type}/${id}`)?.recordId);
  const recordsWithMerges = await findMergeSurvivors(
    tx,
    [...byRecord.keys()].filter((recordId) => recordId !== undefined),
  );
  const found: (readonly [string, string])[] = [];
  for (const recordId of recordsWithMerges)
    found.push(...(await findOriginalPatients(tx, recordId, byRecord.get(recordId) ?? [])));
  return new Map(found);
}

/** Returns the Patients that this Bundle refers to: the sending app's id by stored id. */
function mapPatientIds(referenceMap: ReferenceMap, entries: readonly ImportEntry[]): ReadonlyMap<string, string> {
  const keys = entries
    .flatMap(({ value }) => [...findReferences(value)])
    .map((reference) => resolveName(referenceMap, reference))
    .filter((key) => key !== undefined && key !== AMBIGUOUS)
    .filter(({ type }) => type === 'Patient');
  return new Map(keys.map((key) => [toStoredId(referenceMap.origin, key), key.sourceId]));
}
