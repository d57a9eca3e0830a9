import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleOf, feedToken, idOf, put, responsesOf, type Sent, sendBundle } from '../../support/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir-server.ts';

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  token = await feedToken(server);
});
afterAll(() => server.close());

const send = (...entries: readonly Sent[]) => sendBundle(server, token, bundleOf('transaction', ...entries));
const MONDAY = '2026-10-05T08:00:00Z';
const TUESDAY = '2026-10-06T08:00:00.000+02:00';
const WEDNESDAY = '2026-10-07T08:00:00Z';
const organization = (id: string, name: string, lastUpdated?: string) =>
  put({
    resourceType: 'Organization',
    id,
    name,
    ...(lastUpdated === undefined ? {} : { meta: { lastUpdated } }),
  } as never);
const person = (id: string, family: string, lastUpdated?: string) =>
  put({
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
  const contentOf = async (response: ReturnType<typeof responsesOf>[number] | undefined) =>
    (await server.get(token, `/${type}/${idOf(response ?? { status: '' })}`)).body;

  it('an older one is skipped: the response says so, with the current version', async () => {
    const [first] = responsesOf(await send(entry(id('a'), 'New', TUESDAY)));
    const late = await send(entry(id('a'), 'Old', MONDAY), entry(id('b'), 'Else', MONDAY));
    expect(late.statusCode, late.body).toBe(200);
    const [stale, other] = responsesOf(late);
    expect(stale).toMatchObject({ status: '200 OK', location: first?.location, etag: 'W/"1"' });
    expect(stale?.outcome?.issue[0]?.details.text).toContain('newer state');
    expect(other?.status).toBe('201 Created');
    expect(await contentOf(first)).not.toContain('Old');
  });

  it('one that is newer, has the same time, or has no time is written', async () => {
    const [first] = responsesOf(await send(entry(id('c'), 'One', TUESDAY)));
    for (const [name, at, version] of [
      ['Two', TUESDAY, 2],
      ['Three', WEDNESDAY, 3],
      ['Four', undefined, 4],
    ] as const) {
      expect(responsesOf(await send(entry(id('c'), name, at)))[0]?.etag).toBe(`W/"${version}"`);
      expect(await contentOf(first)).toContain(name);
    }
    // A version without a time doesn't reset the newest time.
    expect(responsesOf(await send(entry(id('c'), 'Late', TUESDAY)))[0]?.etag).toBe('W/"4"');
  });

  it('an unchanged one updates the newest time, too', async () => {
    await send(entry(id('d'), 'Same', MONDAY));
    expect(responsesOf(await send(entry(id('d'), 'Same', WEDNESDAY)))[0]?.etag).toBe('W/"1"');
    const [stale] = responsesOf(await send(entry(id('d'), 'Between', TUESDAY)));
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
      expect(responsesOf(await send(entry(id('f'), `Odd ${index}`, odd)))[0]?.etag).toBe(`W/"${index + 2}"`);
  });
});

it('a deleted resource isn’t restored by an older version', async () => {
  await send(organization('gone', 'New', TUESDAY));
  await send({ request: { method: 'DELETE', url: 'Organization/gone' } });
  const [stale] = responsesOf(await send(organization('gone', 'Old', MONDAY)));
  expect(stale).toMatchObject({ status: '200 OK', etag: 'W/"2"', outcome: { issue: [{ code: 'informational' }] } });
  expect(stale).not.toHaveProperty('location');
  expect(responsesOf(await send(organization('gone', 'Newer', WEDNESDAY)))[0]).toMatchObject({
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
  const [stale, made] = responsesOf(await send({ ...person('about', 'Old', MONDAY), fullUrl: url }, put(observation)));
  const read = (await server.get(token, `/Observation/${idOf(made ?? { status: '' })}`)).json();
  expect(read.subject.reference).toBe(`Patient/${idOf(stale ?? { status: '' })}`);
});
