import type { Executor } from '../../database/index.ts';
import { type AtPractice, type Projection, putResources, type Resource } from '../../fhir/index.ts';
import { type ClientId, type Clock, derivedUuid, isUuid, type PracticeId } from '../../kernel/index.ts';
import type { Entry } from '../entry.ts';
import { listOf, textAt } from '../json-value.ts';
import { AMBIGUOUS, finalId, findName, type Names } from '../names.ts';
import type { Outcome } from './outcome.ts';

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

interface Written {
  readonly entry: Entry;
  readonly outcome: Outcome | undefined;
}

/** No app and no file of the command line has a source of this name: nobody but the server changes these. */
const SOURCE = 'server:transmission';

/** More would come along, by _revinclude, with each page of what they are about. */
const MOST_TARGETS = 100;

/**
 * Records from which app resources came that were created or changed: a Provenance of a transmitter in each record. Not of
 * those whose source tells that itself, in this Bundle.
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
  for (const [recordId, keys] of byRecord) {
    if (recordId === undefined) continue;
    const stores = inParts(keys).map((part) => ({ resource: transmissionOf(sender, { practiceId, at }, part, after) }));
    await putResources(tx, { recordId, source: SOURCE, clock, projections }, stores);
  }
}

/** What Provenance of the same Bundle is about. */
function toldBySource(names: Names, written: readonly Written[]): ReadonlySet<string> {
  const targets = written
    .filter(({ entry, outcome }) => textAt(entry.value, 'resourceType') === 'Provenance' && outcome?.kind !== 'refused')
    .flatMap(({ entry }) => listOf(entry.value, 'target').map((target) => textAt(target, 'reference') ?? ''))
    .map((reference) => findName(names, reference))
    .filter((key) => key !== undefined && key !== AMBIGUOUS);
  return new Set(targets.map((key) => `${key.type}/${finalId(names.origin, key)}`));
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
