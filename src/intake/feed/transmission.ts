import type { Executor } from '../../database/index.ts';
import {
  type AtPractice,
  keepAdded,
  type Projection,
  putResources,
  type Resource,
  recordsWithParts,
} from '../../fhir/index.ts';
import { type ClientId, type Clock, derivedUuid, isUuid, type PracticeId } from '../../kernel/index.ts';
import { textAt } from '../json-value.ts';
import type { Names } from '../names.ts';
import { byOrigin, targetsOf, type Written } from './keep-told.ts';

/** The sending app, as registered. */
export interface Sender {
  readonly clientId: ClientId;
  readonly name: string;
}

interface Recording {
  readonly tx: Executor;
  readonly clock: Clock;
  readonly projections: readonly Projection[];
  readonly sender?: Sender | undefined;
}

/**
 * Source of the server's own Provenance. No app and no import has a source of this name, so only the server changes
 * these resources.
 */
const SOURCE = 'server:transmission';

/**
 * Maximum number of targets per Provenance, because `_revinclude` returns a Provenance with every page that contains
 * one of its targets.
 */
const MOST_TARGETS = 100;

/**
 * Records which app sent the created and updated resources, as Provenance with a transmitter in each record. Resources
 * whose provenance the source documents in the same Bundle are left out. In a merged record each Patient's resources
 * get Provenance of their own, which moves back with them if the merge is undone.
 * @param after existing resources after the write, by `Type/id`
 */
export async function recordTransmission(
  { tx, clock, projections, sender }: Recording,
  referenceMap: Names,
  after: ReadonlyMap<string, AtPractice>,
  written: readonly Written[],
): Promise<void> {
  if (sender === undefined) return;
  const { practiceId } = referenceMap.origin;
  const at = clock.now();
  const documented = toldBySource(referenceMap, written);
  const transmitted = written
    .flatMap(({ outcome }) => (outcome?.kind === 'created' || outcome?.kind === 'updated' ? [outcome.key ?? ''] : []))
    .filter((key) => !key.startsWith('Provenance/') && !documented.has(key))
    .sort();
  const byRecord = Map.groupBy(transmitted, (key) => after.get(key)?.recordId);
  const recordsWithMerges = await recordsWithParts(
    tx,
    [...byRecord.keys()].filter((recordId) => recordId !== undefined),
  );
  for (const [recordId, keys] of byRecord) {
    if (recordId === undefined) continue;
    for (const { keys: groupKeys, way: lineage } of recordsWithMerges.has(recordId)
      ? await byOrigin(tx, recordId, keys)
      : [{ keys, way: [] }]) {
      const transmissions = inParts(groupKeys).map((targetKeys) =>
        transmissionOf(sender, { practiceId, at }, targetKeys, after),
      );
      const stores = transmissions.map((resource) => ({ resource }));
      await putResources(tx, { recordId, source: SOURCE, clock, projections }, stores);
      await keepAdded(
        tx,
        recordId,
        lineage,
        lineage.length === 0 ? [] : transmissions.map(({ id }) => ({ type: 'Provenance', id })),
      );
    }
  }
}

/** Resources that Provenance in the same Bundle is about. */
function toldBySource(referenceMap: Names, written: readonly Written[]): ReadonlySet<string> {
  const provenance = written.filter(
    ({ entry, outcome }) => textAt(entry.value, 'resourceType') === 'Provenance' && outcome?.kind !== 'refused',
  );
  return new Set(provenance.flatMap(({ entry }) => targetsOf(referenceMap, entry)));
}

const inParts = (keys: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(keys.length / MOST_TARGETS) }, (_, targetKeys) =>
    keys.slice(targetKeys * MOST_TARGETS, (targetKeys + 1) * MOST_TARGETS),
  );

/**
 * US Core Provenance with one agent. Its id is derived from the resource versions, so that the same transmission is
 * never recorded twice.
 */
function transmissionOf(
  { clientId, name }: Sender,
  { practiceId, at }: { readonly practiceId: PracticeId; readonly at: Date },
  keys: readonly string[],
  after: ReadonlyMap<string, AtPractice>,
): Resource & { readonly id: string } {
  const versions = keys.map((key) => `${key}/${after.get(key)?.version}`);
  return {
    resourceType: 'Provenance',
    id: derivedUuid('transmission', String(practiceId), clientId, ...versions),
    meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-provenance'] },
    target: keys.map((reference) => ({ reference })),
    recorded: at.toISOString(),
    agent: [{ type: { coding: [TRANSMITTER] }, who: { ...identifierOf(clientId), display: name } }],
  };
}

const TRANSMITTER = {
  system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type',
  code: 'transmitter',
  display: 'Transmitter',
};

/** FHIR R4 §2.24.0.6: a UUID as an identifier. */
const identifierOf = (clientId: ClientId): object =>
  isUuid(clientId) ? { identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${clientId}` } } : {};
