import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp } from '../support/apps/apps.ts';
import { startReachableServer } from '../support/browser/browser.ts';
import { connectApp, R4 } from '../support/people/patient.ts';
import type { TestServer } from '../support/servers/server.ts';

interface Found {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: unknown;
}
interface Bundle extends Found {
  readonly type: string;
  readonly total?: number;
  readonly link: { relation: string; url: string }[];
  readonly entry?: readonly { readonly fullUrl: string; readonly resource: Found }[];
}
const resourcesOf = ({ entry = [] }: Bundle): readonly Found[] => entry.map(({ resource }) => resource);
const idsOf = (bundle: Bundle): readonly string[] => resourcesOf(bundle).map(({ id }) => id);

let server: TestServer & { origin: string };
let client: Client;
let patient: string;
beforeAll(async () => {
  server = await startReachableServer();
  const token = await connectApp(server.app, await addApp(server));
  patient = token.patient;
  client = new Client({ baseUrl: `${server.origin}${R4}`, bearerToken: token.access_token });
});
afterAll(() => server.close());

const search = async (resourceType: string, searchParams: Record<string, string | number>, postSearch = false) =>
  (await client.search({ resourceType, searchParams, options: { postSearch } })) as Bundle;
const resolve = async (reference: string, context?: object) =>
  (await client.resolve({ reference, ...(context === undefined ? {} : { context: context as never }) })) as Found;
/** Returns status, resource type and issue code of the error that a call of the library throws. */
const thrownError = async (answer: Promise<unknown>) => {
  const error = (await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  )) as { response: { status: number; data: Found & { issue: readonly { code: string }[] } } } | undefined;
  const { status, data } = error?.response ?? {};
  return { status, type: data?.resourceType, code: data?.issue[0]?.code };
};

describe('fhir-kit-client walks the R4 API over HTTP', () => {
  it('finds the capabilities and the authorization endpoints', async () => {
    const open = new Client({ baseUrl: `${server.origin}${R4}` });
    const statement = (await open.capabilityStatement()) as unknown as {
      fhirVersion: string;
      rest: readonly { resource: readonly { type: string; interaction: readonly { code: string }[] }[] }[];
    };
    expect(statement.fhirVersion).toBe('4.0.1');
    const observation = statement.rest[0]?.resource.find(({ type }) => type === 'Observation');
    expect(observation?.interaction.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['read', 'vread', 'history-instance', 'search-type']),
    );
    const { authorizeUrl, tokenUrl } = await open.smartAuthMetadata();
    expect(String(authorizeUrl)).toBe(`${server.origin}/nge/prod/patient-oauth/authorize`);
    expect(String(tokenUrl)).toBe(`${server.origin}/nge/prod/patient-oauth/token`);
  });

  it('reads a resource, each version in its history, and resolves its references', async () => {
    const [encounter] = resourcesOf(await search('Encounter', { _count: 1 }));
    const { id = '' } = encounter ?? {};
    expect(await client.read({ resourceType: 'Encounter', id })).toEqual(encounter);
    const history = (await client.history({ resourceType: 'Encounter', id })) as Bundle;
    expect(history.type).toBe('history');
    for (const { meta } of resourcesOf(history)) {
      const version = (meta as { versionId: string }).versionId;
      expect(await client.vread({ resourceType: 'Encounter', id, version })).toEqual(encounter);
    }
    const { subject, participant } = encounter as unknown as {
      subject: { reference: string };
      participant: readonly { individual: { reference: string } }[];
    };
    expect((await resolve(subject.reference)).id).toBe(patient);
    expect(await resolve(`${client.baseUrl}/${subject.reference}`)).toEqual(await resolve(subject.reference));
    const { reference } = participant[0]?.individual ?? { reference: '' };
    expect(await resolve(reference)).toMatchObject({ resourceType: reference.split('/')[0] });
  });

  it('resolves included resources within a Bundle', async () => {
    const bundle = await search('Encounter', { _count: 1, _include: 'Encounter:participant' });
    const along = resourcesOf(bundle).filter(({ resourceType }) => resourceType !== 'Encounter');
    expect(along.length).toBeGreaterThan(0);
    for (const one of along) expect(await resolve(`${one.resourceType}/${one.id}`, bundle)).toBe(one);
  });

  it('finds the same by GET and by POST', async () => {
    const parameters = { category: 'laboratory', date: 'ge2020-01-01', _sort: '-date', _count: 7 };
    const got = await search('Observation', parameters);
    const posted = await search('Observation', parameters, true);
    expect(got.total).toBeGreaterThan(7);
    expect({ total: posted.total, ids: idsOf(posted) }).toEqual({ total: got.total, ids: idsOf(got) });
    expect(posted.link).toContainEqual(got.link.find(({ relation }) => relation === 'self'));
  });

  it('follows pages to the last, and there is none before the first', async () => {
    let page: Bundle | undefined = await search('Condition', { _count: 3 });
    expect(client.prevPage({ bundle: page })).toBeUndefined();
    const { total } = page;
    const ids: string[] = [];
    while (page !== undefined) {
      expect(page.total).toBe(total);
      ids.push(...idsOf(page));
      page = (await client.nextPage({ bundle: page })) as Bundle | undefined;
    }
    expect(total).toBeGreaterThan(3);
    expect({ found: ids.length, distinct: new Set(ids).size }).toEqual({ found: total, distinct: total });
  });

  it('calls operations', async () => {
    const documents = (await client.operation({
      name: 'docref',
      resourceType: 'DocumentReference',
      method: 'GET',
      input: { patient, start: '2000-01-01' },
    })) as Bundle;
    expect(documents.total).toBeGreaterThan(0);
    const { type } = resourcesOf(documents)[0] as unknown as { type: { coding: readonly object[] } };
    // The OperationDefinition declares the parameter `type` as a Coding, so the library sends it by POST as Parameters.
    const typed = (await client.operation({
      name: 'docref',
      resourceType: 'DocumentReference',
      input: {
        resourceType: 'Parameters',
        parameter: [
          { name: 'patient', valueId: patient },
          { name: 'type', valueCoding: type.coding[0] },
        ],
      } as never,
    })) as Bundle;
    expect(idsOf(typed)).toContain(idsOf(documents)[0]);

    const everything = (await client.operation({
      name: 'everything',
      resourceType: 'Patient',
      id: patient,
      method: 'GET',
    })) as Bundle;
    const types = new Set(resourcesOf(everything).map(({ resourceType }) => resourceType));
    expect([...types]).toEqual(expect.arrayContaining(['Patient', 'Observation', 'Condition', 'Encounter']));
    expect(idsOf(everything)).toContain(patient);

    const summary = (await client.operation({
      name: 'summary',
      resourceType: 'Patient',
      id: patient,
      method: 'GET',
    })) as Bundle;
    expect({ type: summary.type, resourceType: resourcesOf(summary)[0]?.resourceType }).toEqual({
      type: 'document',
      resourceType: 'Composition',
    });
    const input = { url: 'http://hl7.org/fhir/ValueSet/administrative-gender' };
    const set = await client.operation({ name: 'expand', resourceType: 'ValueSet', method: 'GET', input });
    const { contains } = set['expansion'] as { contains: readonly { code: string }[] };
    expect(contains.map(({ code }) => code)).toContain('female');
  });

  it('gets an OperationOutcome for what is forbidden, missing, or invalid', async () => {
    const nobody = '00000000-0000-4000-8000-00000000dead';
    const few = await connectApp(server.app, await addApp(server, { scope: 'launch/patient patient/Condition.rs' }));
    const narrow = new Client({ baseUrl: client.baseUrl, bearerToken: few.access_token });
    expect(await thrownError(client.read({ resourceType: 'Observation', id: nobody }))).toEqual({
      status: 404,
      type: 'OperationOutcome',
      code: 'not-found',
    });
    expect(await thrownError(narrow.search({ resourceType: 'Observation', searchParams: {} }))).toEqual({
      status: 403,
      type: 'OperationOutcome',
      code: 'forbidden',
    });
    expect(
      await thrownError(client.search({ resourceType: 'Observation', searchParams: { patient: nobody } })),
    ).toEqual({ status: 403, type: 'OperationOutcome', code: 'forbidden' });
    expect(
      await thrownError(client.search({ resourceType: 'Observation', searchParams: { date: 'yesterday' } })),
    ).toEqual({ status: 400, type: 'OperationOutcome', code: 'invalid' });
    const wrong = new Client({ baseUrl: client.baseUrl, bearerToken: 'nobody.gave-this' });
    expect(await thrownError(wrong.read({ resourceType: 'Patient', id: patient }))).toEqual({
      status: 401,
      type: 'OperationOutcome',
      code: 'login',
    });
  });

  it.each([
    ['create', () => client.create({ resourceType: 'Patient', body: { resourceType: 'Patient' } as never })],
    [
      'update',
      () =>
        client.update({
          resourceType: 'Patient',
          id: patient,
          body: { resourceType: 'Patient', id: patient } as never,
        }),
    ],
    ['patch', () => client.patch({ resourceType: 'Patient', id: patient, jsonPatch: [] })],
    ['delete', () => client.delete({ resourceType: 'Patient', id: patient })],
  ])('can’t %s: nothing is written, and the error says so', async (_name, write) => {
    const { status, type } = await thrownError(write());
    // Only backend apps may send transactions.
    expect([403, 404, 405, 415]).toContain(status);
    expect(type).toBe('OperationOutcome');
    expect((await client.read({ resourceType: 'Patient', id: patient }))['name']).toBeDefined();
  });

  it('a batch reads, and writes nothing', async () => {
    const entry = ['GET', 'DELETE'].map((method) => ({ request: { method, url: `Patient/${patient}` } }));
    const answer = await client.batch({ body: { resourceType: 'Bundle', type: 'batch', entry } as never });
    const statuses = (answer['entry'] as { response: { status: string } }[]).map(({ response }) => response.status);
    expect(statuses).toEqual([expect.stringMatching(/^200/), expect.stringMatching(/^4/)]);
    expect((await client.read({ resourceType: 'Patient', id: patient }))['name']).toBeDefined();
  });
});
