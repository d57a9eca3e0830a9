import type { Executor } from '../../database/index.ts';
import {
  findMergeSurvivors,
  type PracticeResourceState,
  type Projection,
  type Resource,
  recordAddedOrigins,
  withGenericPlans,
  writeResources,
} from '../../fhir/index.ts';
import {
  type ClientId,
  type Clock,
  derivedUuid,
  isUuid,
  type PracticeId,
  type RecordId,
  textAt,
} from '../../kernel/index.ts';
import type { ReferenceMap } from '../references/reference-map.ts';
import { groupByLineage, type LineageGroup, provenanceTargets, type WrittenEntry } from './provenance-lineage.ts';

/** The app that sent a Bundle, with the name that it is registered under. */
export interface FeedSender {
  readonly clientId: ClientId;
  readonly name: string;
}

interface TransmissionDeps {
  readonly tx: Executor;
  readonly clock: Clock;
  readonly projections: readonly Projection[];
  readonly sender?: FeedSender | undefined;
}

/**
 * Source of the Provenance that the server itself writes. No app and no import has a source with this name, so only the
 * server changes these resources.
 */
const TRANSMISSION_SOURCE = 'server:transmission';

/**
 * Maximum number of targets of one Provenance. A search with `_revinclude` returns a Provenance with every page that
 * contains one of its targets, so it must stay small.
 */
const MAX_TARGETS = 100;

/**
 * Records which app sent the created and updated resources: it adds a Provenance with a transmitter to each patient
 * record. Resources for which the Bundle itself contains a Provenance are left out. In a record that others were merged
 * into, the resources of each original Patient get a Provenance of their own, which moves back with them if the merge
 * is undone.
 * @param after the resources that exist after the write, by `Type/id`
 */
export async function recordTransmission(
  { tx, clock, projections, sender }: TransmissionDeps,
  referenceMap: ReferenceMap,
  after: ReadonlyMap<string, PracticeResourceState>,
  written: readonly WrittenEntry[],
): Promise<void> {
  if (sender === undefined) return;
  const { practiceId } = referenceMap.origin;
  const at = clock.now();
  const documented = findDocumentedBySource(referenceMap, written);
  const transmitted = written
    .flatMap(({ outcome }) => (outcome?.kind === 'created' || outcome?.kind === 'updated' ? [outcome.key ?? ''] : []))
    .filter((key) => !key.startsWith('Provenance/') && !documented.has(key))
    .sort();
  if (transmitted.length === 0) return;
  const byRecord = Map.groupBy(transmitted, (key) => after.get(key)?.recordId);
  const recordsWithMerges = await findMergeSurvivors(
    tx,
    [...byRecord.keys()].filter((recordId) => recordId !== undefined),
  );
  const writeGroup = async (recordId: RecordId, { keys, lineage }: LineageGroup) => {
    const transmissions = splitTargets(keys).map((targets) =>
      toTransmission(sender, { practiceId, at }, targets, after),
    );
    const stores = transmissions.map((resource) => ({ resource }));
    await writeResources(tx, { practiceId, recordId, source: TRANSMISSION_SOURCE, clock, projections }, stores);
    const added = lineage.length === 0 ? [] : transmissions.map(({ id }) => ({ type: 'Provenance', id }));
    await recordAddedOrigins(tx, recordId, lineage, added);
  };
  await withGenericPlans(tx, async () => {
    for (const [recordId, keys] of byRecord) {
      if (recordId === undefined) continue;
      const isMerged = recordsWithMerges.has(recordId);
      const groups = isMerged ? await groupByLineage(tx, recordId, keys) : [{ keys, lineage: [] }];
      for (const group of groups) await writeGroup(recordId, group);
    }
  });
}

/** Returns the resources that a Provenance in the same Bundle is about, as `Type/id`. */
function findDocumentedBySource(referenceMap: ReferenceMap, written: readonly WrittenEntry[]): ReadonlySet<string> {
  const provenance = written.filter(
    ({ entry, outcome }) => textAt(entry.value, 'resourceType') === 'Provenance' && outcome?.kind !== 'refused',
  );
  return new Set(provenance.flatMap(({ entry }) => provenanceTargets(referenceMap, entry)));
}

const splitTargets = (keys: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(keys.length / MAX_TARGETS) }, (_, targetKeys) =>
    keys.slice(targetKeys * MAX_TARGETS, (targetKeys + 1) * MAX_TARGETS),
  );

/**
 * Builds a US Core Provenance with one agent. Its id is derived from the resource versions, so that the same
 * transmission is never recorded twice.
 */
function toTransmission(
  { clientId, name }: FeedSender,
  { practiceId, at }: { readonly practiceId: PracticeId; readonly at: Date },
  keys: readonly string[],
  after: ReadonlyMap<string, PracticeResourceState>,
): Resource & { readonly id: string } {
  const versions = keys.map((key) => `${key}/${after.get(key)?.version}`);
  return {
    resourceType: 'Provenance',
    id: derivedUuid('transmission', String(practiceId), clientId, ...versions),
    meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-provenance'] },
    target: keys.map((reference) => ({ reference })),
    recorded: at.toISOString(),
    agent: [{ type: { coding: [TRANSMITTER_CODING] }, who: { ...toIdentifier(clientId), display: name } }],
  };
}

const TRANSMITTER_CODING = {
  system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type',
  code: 'transmitter',
  display: 'Transmitter',
};

/** Returns the client_id as an identifier, if it is a UUID (FHIR R4 §2.24.0.6). */
const toIdentifier = (clientId: ClientId): object =>
  isUuid(clientId) ? { identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${clientId}` } } : {};
