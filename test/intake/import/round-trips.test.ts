import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printJson } from '../../../src/fhir/index.ts';
import { type ImportReport, importFiles, textInput } from '../../../src/intake/index.ts';
import { derivedUuid, isUuid, type PracticeId, systemRandom } from '../../../src/kernel/index.ts';
import { entryResponses, feedToken, sendBundle } from '../../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { withData } from '../../support/fhir/published-data.ts';
import {
  expectedText,
  type Json,
  type OriginalEntry,
  parseResource,
  referenceMap,
  resourceText,
  storedAttachments,
  withoutContents,
  withoutPrivate,
} from '../../support/fhir/round-trip.ts';
import { SHARED_DATA } from '../../support/fhir/shared-data.ts';
import { slice } from '../../support/runs/slice.ts';

const file = (...parts: readonly string[]) => path.join(SHARED_DATA ?? '', ...parts);

/** JSON texts of the examples in a package of US Core, with numbers as written. */
function examplesOf(version: string): readonly string[] {
  const tar = gunzipSync(readFileSync(file('us-core-igs', `us_core_${version}.tgz`)));
  const texts: string[] = [];
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const name = tar.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8);
    if (/^package\/example\/.*\.json$/.test(name)) texts.push(tar.toString('utf8', at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return texts;
}

const LONG = { timeout: 120_000 };

let server: FhirServer;
/** A token for all data of the practice. */
let token: string;
beforeAll(async () => {
  server = await startFhir();
  token = await server.token('', { backend: 'reader', practices: [1], scope: 'system/*.rs' });
});
afterAll(() => server.close());

const load = (source: string, text: string): Promise<ImportReport> =>
  importFiles(
    server.db,
    { practiceId: 1 as PracticeId, source, projections: [], clock: server.clock, random: systemRandom },
    [textInput(`${source}.json`, text)],
  );

/**
 * Returns the ids under which resources of a source are stored: a UUID stays as it is, and any other id is mapped to
 * one.
 */
const loadedAs = (source: string) => (one: OriginalEntry) => {
  const id = (one.resource['id'] as string | undefined) ?? one.fullUrl?.replace('urn:uuid:', '') ?? '';
  return isUuid(id) ? id.toLowerCase() : derivedUuid('1', source, one.resource.resourceType, id);
};

async function read(address: string): Promise<Json | undefined> {
  const answer = await server.get(token, `/${address}`);
  if (answer.statusCode === 404) return undefined;
  expect(answer.statusCode, address).toBe(200);
  return parseResource(answer.body);
}

const DIRECTORY = ['Practitioner', 'PractitionerRole', 'Organization', 'Location', 'Endpoint', 'HealthcareService'];

interface Compared {
  /** Number of resources that the API returned unchanged. */
  readonly equal: number;
  /** Resources that the API doesn't have. */
  readonly absent: readonly string[];
  /** For each changed resource, the expected and the actual JSON text. */
  readonly different: readonly (readonly [string, string])[];
}

/** Reads each loaded resource from the API and compares it with the original. */
async function compare(
  originals: readonly OriginalEntry[],
  idOf: (one: OriginalEntry) => string | undefined,
): Promise<Compared> {
  const addresses = new Map(referenceMap(originals.filter(isStoredAlone), idOf));
  const texts: (readonly [string, string])[] = [];
  const absent: string[] = [];
  const pending = originals.filter(isStoredAlone).map((one) => ({ one, id: idOf(one) }));
  for (const { one, id } of pending) {
    const stored = id === undefined ? undefined : await read(`${one.resource.resourceType}/${id}`);
    if (id === undefined || stored === undefined) {
      absent.push(`${one.resource.resourceType}/${one.resource['id'] ?? one.fullUrl}`);
      continue;
    }
    const medication = await medicationOf(one.resource, stored, originals);
    if (medication !== undefined) texts.push(medication.texts);
    if (medication !== undefined) addresses.set(medication.before, medication.after);
    const { resourceType, ...elements } = one.resource;
    const referring = { resourceType, ...elements, ...medication?.reference };
    texts.push(await textsOf(referring, stored, id, addresses));
  }
  const different = texts.filter(([before, after]) => before !== after);
  return { equal: texts.length - different.length, absent, different };
}

/**
 * Whether a resource is stored once, under its own id. A Medication is stored in each record that refers to it, under
 * an id of that record.
 */
const isStoredAlone = ({ resource }: OriginalEntry): boolean =>
  !['Medication', 'Binary'].includes(resource.resourceType);

interface MedicationOf {
  readonly before: string;
  readonly after: string;
  readonly texts: readonly [string, string];
  /**
   * The reference that a resource should have to the Medication. Its display is the name of the Medication, for readers
   * without access to that.
   */
  readonly reference: Json;
}

async function medicationOf(
  resource: Json,
  stored: Json,
  originals: readonly OriginalEntry[],
): Promise<MedicationOf | undefined> {
  const [before, after] = [resource, stored].map((one) => one['medicationReference'] as Json | undefined);
  const name = String(before?.['reference']);
  const medication = originals.find(
    ({ fullUrl, resource: one }) =>
      one.resourceType === 'Medication' && (fullUrl === name || `Medication/${one['id']}` === name),
  )?.resource;
  if (before === undefined || after === undefined || medication === undefined) return undefined;
  const address = String(after['reference']);
  const { text, coding = [] } = medication['code'] as { text?: string; coding?: readonly { display?: string }[] };
  const display = before['display'] ?? text ?? coding[0]?.display;
  const copy = (await read(address)) ?? {};
  return {
    before: name,
    after: address,
    texts: [expectedText(medication, address.split('/')[1] ?? '', new Map()), resourceText(copy)],
    reference: { medicationReference: { ...before, ...(display === undefined ? {} : { display }) } },
  };
}

async function textsOf(
  originals: OriginalEntry['resource'],
  stored: Json,
  id: string,
  addresses: ReadonlyMap<string, string>,
): Promise<readonly [string, string]> {
  const expected = expectedText(originals, id, addresses);
  if (DIRECTORY.includes(originals.resourceType)) return withoutPrivate(expected, resourceText(stored));
  const contents = storedAttachments(originals).filter(({ data }) => data !== undefined);
  if (contents.length === 0) return [expected, resourceText(stored)];
  const urls = storedAttachments(stored).map(({ url }) => String(url));
  for (const [at, { data, contentType }] of contents.entries()) {
    const place = new URL(urls[at] ?? '').pathname.replace('/api/fhir/r4', '');
    const answer = await server.get(token, place, { accept: String(contentType) });
    const bytes = Buffer.from(String(data), 'base64').toString('base64');
    expect(answer.rawPayload.toString('base64'), `${originals.resourceType}/${id}`).toBe(bytes);
  }
  return [withoutContents(parseResource(expected)), withoutContents(stored)];
}

/** Entries of a Bundle before it was loaded. */
const entriesOf = (text: string): readonly OriginalEntry[] => parseResource(text)['entry'] as readonly OriginalEntry[];
const sample = (patient: string): string =>
  readFileSync(file('inferno-reference-data/resources', `uscore_bundle_patient_${patient}.json`), 'utf8');

describe.skipIf(SHARED_DATA === undefined)(withData('loaded resources are returned unchanged'), LONG, () => {
  it.each([
    ['85', 260],
    ['355', 465],
  ])('the sample patient %s, loaded from a file', async (patient, atLeast) => {
    const source = `inferno-${patient}`;
    const report = await load(source, sample(patient));
    const { equal, absent, different } = await compare(entriesOf(sample(patient)), loadedAs(source));
    expect(different).toEqual([]);
    expect(absent).toHaveLength(report.refused.length);
    expect(equal).toBeGreaterThanOrEqual(atLeast);
  });

  it.each([
    ['85', 260],
    ['355', 465],
  ])('the sample patient %s, sent as a batch by a feed', async (patient, atLeast) => {
    const feed = await feedToken(server, `feed-${patient}`);
    const bundle = sample(patient).replace('"type": "transaction"', '"type": "batch"');
    const responses = entryResponses(await sendBundle(server, feed, bundle));
    const originals = entriesOf(sample(patient));
    const ids = new Map(originals.map((one, at) => [one, responses[at]?.location?.split('/')[1]]));
    const { equal, absent, different } = await compare(originals, (one) => ids.get(one));
    expect(different).toEqual([]);
    expect(absent).toHaveLength(responses.filter(({ status }) => status.startsWith('4')).length);
    expect(equal).toBeGreaterThanOrEqual(atLeast);
  });

  it.each(slice(['610', '700', '800']))('the examples of US Core %s', async (version) => {
    const originals = examplesOf(version)
      .map((text) => ({ resource: parseResource(text) as OriginalEntry['resource'] }))
      .filter(({ resource }) => resource.resourceType !== 'Bundle');
    const source = `us-core-${version}`;
    const report = await load(source, printJson({ resourceType: 'Bundle', type: 'collection', entry: originals }));
    const { equal, absent, different } = await compare(originals, loadedAs(source));
    expect(different).toEqual([]);
    // No example refers to this Medication, so it belongs to no record and is rejected.
    expect(report.refused.map(({ type, id }) => `${type}/${id}`)).toEqual(['Medication/uscore-med1']);
    expect(new Set(absent.map((one) => one.split('/')[0]))).toEqual(new Set(Object.keys(report.skipped)));
    expect(equal).toBeGreaterThanOrEqual(150);
  });
});
