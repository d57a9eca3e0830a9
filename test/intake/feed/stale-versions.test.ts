import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BundleEntry,
  entryResponses,
  feedToken,
  makeBundle,
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

const send = (...entries: readonly BundleEntry[]) => sendBundle(server, token, makeBundle('transaction', ...entries));
const MONDAY = '2026-10-05T08:00:00Z';
const TUESDAY = '2026-10-06T08:00:00.000+02:00';
const WEDNESDAY = '2026-10-07T08:00:00Z';
const organization = (id: string, name: string, lastUpdated?: string) =>
  putEntry({
    resourceType: 'Organization',
    id,
    name,
    ...(lastUpdated === undefined ? {} : { meta: { lastUpdated } }),
  } as never);
const person = (id: string, family: string, lastUpdated?: string) =>
  putEntry({
    resourceType: 'Patient',
    id,
    name: [{ family }],
    ...(lastUpdated === undefined ? {} : { meta: { lastUpdated } }),
  } as never);

describe.each([
  ['in the directory', organization, 'Organization'],
  ['in a record', person, 'Patient'],
])('a late older version doesn’t overwrite a newer one: %s', (_where, entry, type) => {
  const id = (name: string) => `${type}-${name}`;
  const contentOf = async (response: ReturnType<typeof entryResponses>[number] | undefined) =>
    (await server.get(token, `/${type}/${writtenId(response ?? { status: '' })}`)).body;

  it('an older one is skipped: the response says so, with the current version', async () => {
    const [first] = entryResponses(await send(entry(id('a'), 'New', TUESDAY)));
    const late = await send(entry(id('a'), 'Old', MONDAY), entry(id('b'), 'Else', MONDAY));
    expect(late.statusCode, late.body).toBe(200);
    const [stale, other] = entryResponses(late);
    expect(stale).toMatchObject({ status: '200 OK', location: first?.location, etag: 'W/"1"' });
    expect(stale?.outcome?.issue[0]?.details.text).toContain('newer state');
    expect(other?.status).toBe('201 Created');
    expect(await contentOf(first)).not.toContain('Old');
  });

  it('one that is newer, has the same time, or has no time is written', async () => {
    const [first] = entryResponses(await send(entry(id('c'), 'One', TUESDAY)));
    for (const [name, at, version] of [
      ['Two', TUESDAY, 2],
      ['Three', WEDNESDAY, 3],
      ['Four', undefined, 4],
    ] as const) {
      expect(entryResponses(await send(entry(id('c'), name, at)))[0]?.etag).toBe(`W/"${version}"`);
      expect(await contentOf(first)).toContain(name);
    }
    // A version without a last-updated time doesn't change the newest known time.
    expect(entryResponses(await send(entry(id('c'), 'Late', TUESDAY)))[0]?.etag).toBe('W/"4"');
  });

  it('an unchanged one updates the newest time, too', async () => {
    await send(entry(id('d'), 'Same', MONDAY));
    expect(entryResponses(await send(entry(id('d'), 'Same', WEDNESDAY)))[0]?.etag).toBe('W/"1"');
    const [stale] = entryResponses(await send(entry(id('d'), 'Between', TUESDAY)));
    expect({ etag: stale?.etag, issue: stale?.outcome?.issue.length }).toEqual({ etag: 'W/"1"', issue: 1 });
  });

  it('a time in the future is rejected, because it would block later updates', async () => {
    const ahead = await send(entry(id('e'), 'Future', '3000-01-01T00:00:00Z'));
    expect({ status: ahead.statusCode, text: ahead.json().issue[0].details.text }).toEqual({
      status: 400,
      text: expect.stringContaining('future'),
    });
  });

  it('an invalid instant counts as no time', async () => {
    await send(entry(id('f'), 'One', WEDNESDAY));
    for (const [index, odd] of ['2026-10-05', 'yesterday', '2026-10-05T08:00:00', '2026-13-45T99:00:00Z'].entries())
      expect(entryResponses(await send(entry(id('f'), `Odd ${index}`, odd)))[0]?.etag).toBe(`W/"${index + 2}"`);
  });
});

it('a deleted resource isn’t restored by an older version', async () => {
  await send(organization('gone', 'New', TUESDAY));
  await send({ request: { method: 'DELETE', url: 'Organization/gone' } });
  const [stale] = entryResponses(await send(organization('gone', 'Old', MONDAY)));
  expect(stale).toMatchObject({ status: '200 OK', etag: 'W/"2"', outcome: { issue: [{ code: 'informational' }] } });
  expect(stale).not.toHaveProperty('location');
  expect(entryResponses(await send(organization('gone', 'Newer', WEDNESDAY)))[0]).toMatchObject({
    status: '201 Created',
    etag: 'W/"3"',
  });
});

it('resources that arrive with a stale one refer to the stored one', async () => {
  await send(person('about', 'New', TUESDAY));
  const url = 'urn:uuid:6a5b4c3d-0000-4000-8000-00000000000c';
  const observation = {
    resourceType: 'Observation',
    id: 'o',
    status: 'final',
    code: { text: 'x' },
    subject: { reference: url },
  };
  const [stale, made] = entryResponses(
    await send({ ...person('about', 'Old', MONDAY), fullUrl: url }, putEntry(observation)),
  );
  const read = (await server.get(token, `/Observation/${writtenId(made ?? { status: '' })}`)).json();
  expect(read.subject.reference).toBe(`Patient/${writtenId(stale ?? { status: '' })}`);
});
