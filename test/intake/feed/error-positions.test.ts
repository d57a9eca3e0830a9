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
  await sendBundle(server, token, makeBundle('batch', putEntry({ resourceType: 'Patient', id: 'p' })));
});
afterAll(() => server.close());

const send = async (...entries: readonly object[]) =>
  entryResponses(await sendBundle(server, token, makeBundle('batch', ...(entries as readonly BundleEntry[]))));
const observation = (id: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference: 'Patient/p' },
  ...more,
});
const rejection = ({ status, outcome }: Awaited<ReturnType<typeof send>>[number]) => {
  const issue = outcome?.issue[0] as { expression?: string[]; details: { text: string } } | undefined;
  return [status.slice(0, 3), issue?.expression?.[0], issue?.details.text];
};

describe('a rejected entry has an OperationOutcome with position and reason', () => {
  it.each<[string, string, object]>([
    ['request.method', 'method', { resource: observation('a'), request: { method: 'PATCH', url: 'Observation/a' } }],
    ['request.url', 'with an id', { resource: observation('a'), request: { method: 'PUT', url: 'Observation' } }],
    ['request.url', 'type', { resource: { resourceType: 'Foo', id: 'a' }, request: { method: 'PUT', url: 'Foo/a' } }],
    ['resource.id', 'id', { resource: observation('a'), request: { method: 'PUT', url: 'Observation/b' } }],
    [
      'resource.subject',
      'unknown at this practice',
      putEntry(observation('a', { subject: { reference: 'Patient/nobody' } })),
    ],
    [
      'resource.subject',
      'patient of this resource was not found',
      putEntry(observation('a', { subject: { reference: 'Group/g' } })),
    ],
    [
      'resource.subject',
      'Patient?identifier=system|value',
      putEntry(observation('a', { subject: { reference: 'https://ehr.example/Patient/p' } })),
    ],
    ['resource', 'does not name its patient', putEntry(observation('a', { subject: undefined }))],
    [
      'resource.performer[1].reference',
      'urn:',
      putEntry(
        observation('a', {
          performer: [{ reference: 'Patient/p' }, { reference: 'urn:uuid:6a5b4c3d-0000-4000-8000-000000000001' }],
        }),
      ),
    ],
    [
      'resource.performer[0].reference',
      'No Organization has the identifier',
      putEntry(observation('a', { performer: [{ reference: 'Organization?identifier=urn:o|1' }] })),
    ],
    [
      'resource.meta.lastUpdated',
      'future',
      putEntry(observation('a', { meta: { lastUpdated: '2999-01-01T00:00:00Z' } })),
    ],
  ])('%s: %s', async (where, why, entry) => {
    const [answer] = await send(entry);
    expect(rejection(answer as never)).toEqual([
      expect.stringMatching(/^4/),
      `Bundle.entry[0].${where}`,
      expect.stringContaining(why),
    ]);
  });

  it('a duplicate names the other entry', async () => {
    const answers = await send(putEntry(observation('x')), putEntry(observation('a')), putEntry(observation('a')));
    expect(answers.map(rejection)).toEqual([
      ['201', undefined, undefined],
      ['400', 'Bundle.entry[1].request.url', 'Bundle.entry[2] is for the same resource.'],
      ['400', 'Bundle.entry[2].request.url', 'Bundle.entry[1] is for the same resource.'],
    ]);
  });
});

it('one resource named by the source’s id and by ours is the same: both are rejected (FHIR R4 §3.1.0.11.1)', async () => {
  const [first] = await send(putEntry(observation('both')));
  const answers = await send(
    putEntry(observation('both')),
    putEntry(observation(writtenId(first as never), { status: 'amended' })),
  );
  expect(answers.map(({ status }) => status)).toEqual(['400 Bad Request', '400 Bad Request']);
});

describe('an unsupported condition is never ignored', () => {
  it.each<[string, string, unknown]>([
    ['POST', 'ifNoneExist', ''],
    ['POST', 'ifNoneExist', 7],
    ['POST', 'ifNoneExist', 'name=x'],
    ['PUT', 'ifNoneExist', 'identifier=urn:x|1'],
    ['PUT', 'ifMatch', 7],
    ['PUT', 'ifMatch', ''],
    ['PUT', 'ifNoneMatch', '*'],
    ['DELETE', 'ifModifiedSince', '2024-01-01T00:00:00Z'],
  ])('%s with %s: %j', async (method, name, value) => {
    const url = method === 'POST' ? 'Observation' : 'Observation/c';
    const resource = method === 'DELETE' ? {} : { resource: observation('c') };
    const [answer] = await send({ ...resource, request: { method, url, [name]: value } });
    expect(rejection(answer as never).slice(0, 2)).toEqual(['400', `Bundle.entry[0].request.${name}`]);
  });

  it('nor treated as the same as another', async () => {
    const post = (ifNoneExist: string) => ({
      resource: { resourceType: 'Patient' },
      request: { method: 'POST', url: 'Patient', ifNoneExist },
    });
    const answers = await send(post('name=x'), post('birthdate=y'));
    expect(answers.map((one) => rejection(one)[2])).toEqual([
      expect.stringContaining('only supported condition'),
      expect.stringContaining('only supported condition'),
    ]);
  });
});

describe('references that are rewritten (FHIR R4 §2.36.4.1)', () => {
  const reference = async ({ location = '' }: { readonly location?: string }) =>
    (await server.get(token, `/${location.split('/_history')[0]}`)).json().subject.reference;

  it('a urn:uuid in another case, and a fullUrl with a version, are resolved', async () => {
    const patients = ['urn:uuid:6A5B4C3D-0000-4000-8000-00000000000A', 'https://ehr.example/fhir/Patient/q'];
    const answers = await send(
      ...patients.map((fullUrl) => ({
        fullUrl,
        resource: { resourceType: 'Patient' },
        request: { method: 'POST', url: 'Patient' },
      })),
      putEntry(observation('r1', { subject: { reference: patients[0]?.toLowerCase() } })),
      putEntry(observation('r2', { subject: { reference: `${patients[1]}/_history/3` } })),
    );
    const [first, second, r1, r2] = answers;
    expect({ r1: await reference(r1 as never), r2: await reference(r2 as never) }).toEqual({
      r1: `Patient/${writtenId(first as never)}`,
      r2: `Patient/${writtenId(second as never)}`,
    });
  });
});
