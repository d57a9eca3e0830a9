import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BundleEntry,
  entryResponses,
  feedToken,
  makeBundle,
  postEntry,
  putEntry,
  sendBundle,
  writtenId,
} from '../../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  token = await feedToken(server);
});
afterAll(() => server.close());

const person = (value: string, more: object = {}) => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:mrn', value }],
  name: [{ family: value }],
  ...more,
});
const byIdentifier = (value: string, resource: object, more: Partial<BundleEntry> = {}): BundleEntry => ({
  ...more,
  resource,
  request: { method: 'PUT', url: `Patient?identifier=urn:mrn|${value}`, ...more.request },
});
const send = async (type: string, ...entries: readonly BundleEntry[]) =>
  entryResponses(await sendBundle(server, token, makeBundle(type, ...entries)));
const statuses = (responses: readonly { readonly status: string }[]) =>
  responses.map(({ status }) => status.slice(0, 3));

describe('upsert by identifier: a conditional update (FHIR R4 §3.1.0.4.3)', () => {
  it('creates, updates, or leaves unchanged', async () => {
    const [first] = await send('transaction', byIdentifier('1', person('1')));
    const [again] = await send('transaction', byIdentifier('1', person('1')));
    const [changed] = await send('batch', byIdentifier('1', person('1', { gender: 'female' })));
    expect([first, again, changed].map((one) => [one?.status.slice(0, 3), one?.etag])).toEqual([
      ['201', 'W/"1"'],
      ['200', 'W/"1"'],
      ['200', 'W/"2"'],
    ]);
    expect(new Set([first, again, changed].map((one) => writtenId(one as never))).size).toBe(1);
  });

  it('other entries may refer to it by its fullUrl or its id', async () => {
    const fullUrl = 'urn:uuid:6a5b4c3d-0000-4000-8000-000000000001';
    const observation = (id: string, reference: string) =>
      putEntry({
        resourceType: 'Observation',
        id,
        status: 'final',
        code: { text: 'x' },
        subject: { reference },
      } as never);
    for (const round of ['created', 'found']) {
      const [patient, ...told] = await send(
        'transaction',
        byIdentifier('2', person('2', { id: 'two' }), { fullUrl }),
        observation(`${round}1`, fullUrl),
        observation(`${round}2`, 'Patient/two'),
      );
      for (const one of told) {
        const read = await server.get(token, `/Observation/${writtenId(one)}`);
        expect(read.json().subject.reference).toBe(`Patient/${writtenId(patient as never)}`);
      }
    }
  });

  it('an id other than the match’s is rejected', async () => {
    await send('batch', putEntry(person('3', { id: 'three' }) as never));
    expect(statuses(await send('batch', byIdentifier('3', person('3', { id: 'other' }))))).toEqual(['400']);
    expect(statuses(await send('batch', byIdentifier('3', person('3', { id: 'three', gender: 'male' }))))).toEqual([
      '200',
    ]);
  });

  it('several matches are rejected, and none is guessed', async () => {
    await send('batch', postEntry(person('4')), postEntry(person('4')));
    expect(statuses(await send('batch', byIdentifier('4', person('4'))))).toEqual(['412']);
  });

  it('respects the patient, ifMatch and the source’s timestamps', async () => {
    const other = await feedToken(server, 'laboratory');
    const newer = { meta: { lastUpdated: '2024-02-01T00:00:00Z' } };
    await send('batch', byIdentifier('5', person('5', newer)));
    const byOther = await sendBundle(
      server,
      other,
      makeBundle('batch', byIdentifier('5', person('5', { gender: 'male' }))),
    );
    expect(statuses(entryResponses(byOther))).toEqual(['409']);
    const ifMatch = { request: { method: 'PUT', url: 'Patient?identifier=urn:mrn|5', ifMatch: 'W/"9"' } };
    expect(statuses(await send('batch', byIdentifier('5', person('5', { gender: 'male' }), ifMatch)))).toEqual(['412']);
    const older = { meta: { lastUpdated: '2024-01-01T00:00:00Z' }, gender: 'male' };
    const [stale] = await send('batch', byIdentifier('5', person('5', older)));
    expect({ etag: stale?.etag, text: stale?.outcome?.issue[0]?.details.text }).toEqual({
      etag: 'W/"1"',
      text: expect.stringContaining('newer'),
    });
  });

  it('two entries for one resource, by condition and by id, are rejected', async () => {
    await send('batch', putEntry(person('6', { id: 'six' }) as never));
    const both = [byIdentifier('6', person('6')), putEntry(person('6', { id: 'six' }) as never)];
    expect(statuses(await send('batch', ...both))).toEqual(['400', '400']);
    expect(statuses(await send('batch', byIdentifier('6b', person('6')), byIdentifier('6b', person('6'))))).toEqual([
      '400',
      '400',
    ]);
  });

  it('another condition is rejected with its position', async () => {
    const asked = { resource: person('7'), request: { method: 'PUT', url: 'Patient?name=x' } };
    const [answer] = await send('batch', asked);
    expect(answer).toMatchObject({
      status: '400 Bad Request',
      outcome: { issue: [{ code: 'not-supported', expression: ['Bundle.entry[0].request.url'] }] },
    });
  });

  it('a rejected one is stored once for each identifier, and is written when its patient has arrived', async () => {
    const about = (status: string): BundleEntry => ({
      resource: {
        resourceType: 'Observation',
        identifier: [{ system: 'urn:obs', value: '8' }],
        status,
        code: { text: 'x' },
        subject: { reference: 'Patient/eight' },
      },
      request: { method: 'PUT', url: 'Observation?identifier=urn:obs|8' },
    });
    expect(statuses(await send('batch', about('preliminary')))).toEqual(['422']);
    expect(statuses(await send('batch', about('final')))).toEqual(['422']);
    await send('batch', putEntry(person('8', { id: 'eight' }) as never));
    const found = await server.get(token, '/Observation?identifier=urn:obs|8');
    expect(found.json().entry.map(({ resource }: { resource: { status: string } }) => resource.status)).toEqual([
      'final',
    ]);
  });
});
