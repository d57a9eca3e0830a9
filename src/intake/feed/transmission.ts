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

/** The app that sends, as it is registered. */
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

/** No app and no file of the command line has a source of this name: nobody but the server changes these. */
const SOURCE = 'server:transmission';

/** More would come along, by _revinclude, with each page of what they are about. */
const MOST_TARGETS = 100;

/**
 * Records from which app resources came that were created or changed: a Provenance of a transmitter in each record. Not of
 * those whose source tells that itself, in this Bundle. Where records became one, each Patient's own is told apart from the
 * rest, and goes back with it.
 * @param after what is there now, by `Type/id`
 */
export async function recordTransmission(
  { tx, clock, projections, sender }: Recording,
  names: Names,
  after: ReadonlyMap<string, AtPractice>,
  written: readonly Written[],
): Promise<void> {
  if (sender === undefined) return;
  const { practiceId } = names.origin;
  const at = clock.now();
  const told = toldBySource(names, written);
  const brought = written
    .flatMap(({ outcome }) => (outcome?.kind === 'created' || outcome?.kind === 'updated' ? [outcome.key ?? ''] : []))
    .filter((key) => !key.startsWith('Provenance/') && !told.has(key))
    .sort();
  const byRecord = Map.groupBy(brought, (key) => after.get(key)?.recordId);
  const joined = await recordsWithParts(
    tx,
    [...byRecord.keys()].filter((recordId) => recordId !== undefined),
  );
  for (const [recordId, keys] of byRecord) {
    if (recordId === undefined) continue;
    for (const { keys: some, way } of joined.has(recordId) ? await byOrigin(tx, recordId, keys) : [{ keys, way: [] }]) {
      const told = inParts(some).map((part) => transmissionOf(sender, { practiceId, at }, part, after));
      const stores = told.map((resource) => ({ resource }));
      await putResources(tx, { recordId, source: SOURCE, clock, projections }, stores);
      await keepAdded(tx, recordId, way, way.length === 0 ? [] : told.map(({ id }) => ({ type: 'Provenance', id })));
    }
  }
}

/** What Provenance of the same Bundle is about. */
function toldBySource(names: Names, written: readonly Written[]): ReadonlySet<string> {
  const provenance = written.filter(
    ({ entry, outcome }) => textAt(entry.value, 'resourceType') === 'Provenance' && outcome?.kind !== 'refused',
  );
  return new Set(provenance.flatMap(({ entry }) => targetsOf(names, entry)));
}

const inParts = (keys: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(keys.length / MOST_TARGETS) }, (_, part) =>
    keys.slice(part * MOST_TARGETS, (part + 1) * MOST_TARGETS),
  );

/** US Core Provenance, of one agent. Its id is that of these versions: the same is never recorded twice. */
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
