import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccessGrant } from '../../../../src/access/index.ts';
import { parseScopes } from '../../../../src/access/index.ts';
import { createAuditLog } from '../../../../src/audit/index.ts';
import { dstu2, dstu2Projections } from '../../../../src/fhir/dstu2/index.ts';
import { refreshProjections } from '../../../../src/fhir/index.ts';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { openFeed } from '../../../../src/intake/index.ts';
import { type ClientId, type GrantId, type PracticeId, systemRandom } from '../../../../src/kernel/index.ts';
import { markAsEarlierRelease } from '../../../support/database/earlier-release.ts';
import { type BundleEntry, makeBundle, putEntry } from '../../../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';
import { mergeNotifier } from '../../../support/people/merged-people.ts';
import type { Node } from '../fixtures/convert.ts';
import { concept, observation } from '../fixtures/small-resources.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const idOf = (kind: number, number: number): string =>
  `0000000${kind}-0000-4000-8000-${String(number).padStart(12, '0')}`;
const [DOCTOR, NURSE] = [idOf(1, 1), idOf(1, 2)];
const ROLE = idOf(4, 1);
const ORDER = idOf(5, 1);
const SEEN = idOf(6, 1);
const REPORT = idOf(7, 1);

type Named = Resource & { readonly id: string };
const to = (type: string, id: string, more: object = {}) => ({ reference: `${type}/${id}`, ...more });
const person = (id: string): Named => ({ resourceType: 'Practitioner', id, name: [{ family: 'Person' }] });
const role = (practitioner: string, more: object = {}): Named => ({
  resourceType: 'PractitionerRole',
  id: ROLE,
  active: true,
  practitioner: to('Practitioner', practitioner),
  specialty: [concept('http://nucc.org/provider-taxonomy', '207RC0000X')],
  ...more,
});
const order = (more: object = {}): Named => ({
  resourceType: 'ServiceRequest',
  id: ORDER,
  status: 'active',
  intent: 'order',
  category: [concept('http://snomed.info/sct', '108252007')],
  code: { text: 'Panel' },
  subject: to('Patient', ANN),
  ...more,
});
const seen = {
  ...observation({
    id: SEEN,
    subject: to('Patient', ANN),
    performer: [to('PractitionerRole', ROLE, { display: 'Dr.' })],
  }),
  id: SEEN,
};
const report: Named = {
  resourceType: 'DiagnosticReport',
  id: REPORT,
  status: 'final',
  category: [concept('http://terminology.hl7.org/CodeSystem/v2-0074', 'LAB')],
  code: { text: 'Panel' },
  subject: to('Patient', ANN),
  effectiveDateTime: '2021-01-01',
  issued: '2021-01-01T00:00:00Z',
  performer: [to('PractitionerRole', ROLE, { display: 'Dr.' })],
  basedOn: [to('ServiceRequest', ORDER, { display: 'The order' })],
};
const patient: Named = { resourceType: 'Patient', id: ANN, gender: 'female' };

const servers: FhirServer[] = [];
let server: FhirServer;
let token: string;
beforeEach(async () => {
  server = await startFhir({ version: dstu2, projections: dstu2Projections });
  servers.push(server);
});
afterAll(() => Promise.all(servers.map((one) => one.close())));

const load = async (...resources: readonly Resource[]) => {
  expect(await server.load(resources)).toMatchObject({ refused: [] });
  token = await server.token(ANN, { scope: 'patient/*.read' });
};
const read = async (path: string): Promise<Node> => (await server.get(token, path)).json();
const performer = async () => ((await read(`/Observation/${SEEN}`))['performer'] as Node[] | undefined)?.[0];
const request = async () => ((await read(`/DiagnosticReport/${REPORT}`))['request'] as Node[] | undefined)?.[0];
const roles = async (id: string) => ((await read(`/Practitioner/${id}`))['practitionerRole'] ?? []) as Node[];

/** Sends resources as a backend app that may write. */
async function feed(...entries: readonly BundleEntry[]): Promise<readonly { readonly status: string }[]> {
  const { db, clock } = server;
  const audit = createAuditLog({ db, clock, random: systemRandom });
  const made = openFeed({
    db,
    clock,
    random: systemRandom,
    projections: dstu2Projections,
    audit,
    notifier: mergeNotifier(clock),
  });
  const grant: AccessGrant = {
    grantId: '00000000-0000-4000-8000-00000000000a' as GrantId,
    familyId: 'family',
    clientId: 'ehr' as ClientId,
    accountId: undefined,
    record: undefined,
    practices: [1 as PracticeId],
    scopes: parseScopes('system/*.cruds').scopes,
    apis: ['r4'],
    practiceEnabled: true,
    withheld: [],
    fhirUser: undefined,
  };
  const text = JSON.stringify(makeBundle('transaction', ...entries));
  const { body } = await made.receive({ text, grant, practiceId: 1 as PracticeId, requestId: 'r' });
  return JSON.parse(body).entry.map(({ response }: { response: { status: string } }) => response);
}
const sent = (resource: Named, id: string, changes: object = {}): BundleEntry =>
  putEntry({ ...resource, ...changes, id } as Named);
const remove = (type: string, id: string): BundleEntry => ({ request: { method: 'DELETE', url: `${type}/${id}` } });

describe('references to a role, when the directory changes', () => {
  it('are updated when the role arrives after the resource that names it', async () => {
    await load(patient, person(DOCTOR), seen);
    expect(await performer()).toEqual({ display: 'Dr.' });
    expect(await roles(DOCTOR)).toEqual([]);
    await load(role(DOCTOR));
    expect(await performer()).toEqual(to('Practitioner', DOCTOR, { display: 'Dr.' }));
    expect(await roles(DOCTOR)).toHaveLength(1);
  });

  it('are updated when the Practitioner arrives after the role', async () => {
    await load(patient, role(DOCTOR), seen);
    expect(await performer()).toEqual({ display: 'Dr.' });
    await load(person(DOCTOR));
    expect(await performer()).toEqual(to('Practitioner', DOCTOR, { display: 'Dr.' }));
    expect(await roles(DOCTOR)).toHaveLength(1);
  });

  it('are updated when the role moves to another Practitioner, ends, or gets an unknown modifier', async () => {
    await load(patient, person(DOCTOR), person(NURSE), role(DOCTOR), seen);
    await load(role(NURSE));
    expect(await performer()).toEqual(to('Practitioner', NURSE, { display: 'Dr.' }));
    expect({ doctor: await roles(DOCTOR), nurse: await roles(NURSE) }).toMatchObject({ doctor: [], nurse: [{}] });
    await load(role(NURSE, { active: false }));
    expect(await performer()).toEqual(to('Practitioner', NURSE, { display: 'Dr.' }));
    expect(await roles(NURSE)).toEqual([]);
    await load(role(NURSE, { modifierExtension: [{ url: 'urn:not', valueBoolean: true }] }));
    expect(await performer()).toEqual({ display: 'Dr.' });
    expect(await roles(NURSE)).toEqual([]);
    expect((await read(`/Observation?performer=Practitioner/${NURSE}`))['total']).toBe(0);
  });

  it('are updated for a Practitioner with more roles than one statement takes', async () => {
    const many = Array.from({ length: 450 }, (_, index) => person(idOf(1, 100 + index)));
    await load(patient, ...many, ...many.map(({ id }, index) => ({ ...role(id), id: idOf(4, 100 + index) })));
    expect(await roles(idOf(1, 549))).toHaveLength(1);
    const found = await read('/Practitioner?specialty=207RC0000X&_count=1000');
    expect({ total: found['total'], entry: (found['entry'] as unknown[]).length }).toEqual({ total: 450, entry: 450 });
  });

  it('are removed when their target is deleted, so that none is broken', async () => {
    const written = await feed(
      sent(person(DOCTOR), 'd'),
      sent(role('d'), 'r'),
      sent(patient, 'a'),
      sent(seen, 'o', { subject: to('Patient', 'a'), performer: [to('PractitionerRole', 'r', { display: 'Dr.' })] }),
    );
    expect(written.map(({ status }) => status)).toEqual(Array(4).fill('201 Created'));
    const [row] = await server.db.queryText<{ patient: string; practitioner: string }>(
      `select (select patient_id from record) as patient,
         (select id from shared_resource where type = 'Practitioner') as practitioner`,
      [],
    );
    token = await server.token(row?.patient ?? '', { scope: 'patient/*.read' });
    const who = async () => {
      const { entry } = (await read('/Observation')) as { entry?: { resource: { performer?: Node[] } }[] };
      return entry?.[0]?.resource.performer?.[0];
    };
    expect(await who()).toEqual(to('Practitioner', row?.practitioner ?? '', { display: 'Dr.' }));
    await feed(remove('PractitionerRole', 'r'));
    expect(await who()).toEqual({ display: 'Dr.' });
    expect(await roles(row?.practitioner ?? '')).toEqual([]);
    await feed(sent(role('d'), 'r'));
    expect(await who()).toEqual(to('Practitioner', row?.practitioner ?? '', { display: 'Dr.' }));
    await feed(remove('Practitioner', 'd'));
    expect(await who()).toEqual({ display: 'Dr.' });
    // This API has no versions in DSTU2, so a deleted resource is 404 like one that never existed.
    const gone = await server.get(token, `/Practitioner/${row?.practitioner}`);
    expect({ status: gone.statusCode, code: gone.json().issue[0].code }).toEqual({ status: 404, code: 'not-found' });
    expect((await read('/Practitioner'))['total']).toBe(0);
  });
});

/**
 * FHIR DSTU2 §1.12.1: meta.lastUpdated is the time of the last change. For a Practitioner that includes changes of its
 * roles, which are part of it in DSTU2.
 */
describe('the last change of a Practitioner', () => {
  const hour = (number: number) => new Date(`2026-11-03T0${number}:00:00.000Z`);
  const at = async (number: number, ...resources: readonly Resource[]) => {
    server.clock.set(hour(number));
    await load(...resources);
  };
  const changed = async (id: string) => ((await read(`/Practitioner/${id}`))['meta'] as Node)['lastUpdated'];
  const found = async (query: string) => {
    const { entry = [], total } = (await read(`/Practitioner?${query}`)) as { entry?: Node[]; total?: number };
    expect(total).toBe(entry.length);
    return entry.map(({ resource }) => (resource as Node)['id']);
  };
  const since = async (number: number) => (await found(`_lastUpdated=ge${hour(number).toISOString()}`)).toSorted();
  const until = async (number: number) => (await found(`_lastUpdated=lt${hour(number).toISOString()}`)).toSorted();

  it('is also the time when a role was added, changed, reassigned or ended', async () => {
    await at(1, patient, person(DOCTOR), person(NURSE));
    await at(2, role(DOCTOR));
    expect({ since: await since(2), until: await until(2) }).toEqual({ since: [DOCTOR], until: [NURSE] });
    await at(3, role(DOCTOR, { code: [concept('urn:roles', 'head')] }));
    expect({ since: await since(3), until: await until(3) }).toEqual({ since: [DOCTOR], until: [NURSE] });
    await at(4, role(NURSE));
    expect({ since: await since(4), until: await until(4) }).toEqual({ since: [DOCTOR, NURSE], until: [] });
    await at(5, role(NURSE, { active: false }));
    expect({ since: await since(5), until: await until(5) }).toEqual({ since: [NURSE], until: [DOCTOR] });
    expect([await changed(DOCTOR), await changed(NURSE)]).toEqual([hour(4), hour(5)].map((one) => one.toISOString()));
    await at(6, person(DOCTOR), role(NURSE, { active: false }));
    expect(await since(6)).toEqual([]);
    await at(7, { ...person(DOCTOR), gender: 'female' } as Resource);
    expect({ since: await since(7), changed: await changed(DOCTOR) }).toEqual({
      since: [DOCTOR],
      changed: hour(7).toISOString(),
    });
  });

  it('is the sort key and the Last-Modified header', async () => {
    await at(1, patient, person(DOCTOR));
    await at(2, person(NURSE));
    await at(3, role(DOCTOR));
    expect(await found('_sort=-_lastUpdated')).toEqual([DOCTOR, NURSE]);
    expect(await found('_sort=_lastUpdated')).toEqual([NURSE, DOCTOR]);
    const first = await read('/Practitioner?_sort=-_lastUpdated&_count=1');
    const next = (first['link'] as Node[]).find(({ relation }) => relation === 'next');
    const second = (await server.get(token, String(next?.['url']))).json();
    expect(second.entry.map(({ resource }: { resource: Node }) => resource['id'])).toEqual([NURSE]);
    const { headers } = await server.get(token, `/Practitioner/${DOCTOR}`);
    expect(headers['last-modified']).toBe(hour(3).toUTCString());
  });

  it('is also searched by a chain', async () => {
    await at(1, patient, person(DOCTOR), { ...seen, performer: [to('Practitioner', DOCTOR)] });
    await at(2, role(DOCTOR));
    const total = async (query: string) =>
      (await read(`/Observation?performer:Practitioner._lastUpdated=${query}`))['total'];
    expect(await total(`ge${hour(2).toISOString()}`)).toBe(1);
    expect(await total(`lt${hour(2).toISOString()}`)).toBe(0);
  });

  it('is the time when a role was deleted, even if everything is rebuilt', async () => {
    server.clock.set(hour(1));
    await feed(sent(person(DOCTOR), 'd'), sent(role('d'), 'r'), sent(patient, 'a'));
    server.clock.set(hour(2));
    await feed(remove('PractitionerRole', 'r'));
    const [row] = await server.db.queryText<{ patient: string }>('select patient_id as patient from record', []);
    token = await server.token(row?.patient ?? '', { scope: 'patient/*.read' });
    expect({ since: (await since(2)).length, until: await until(2) }).toEqual({ since: 1, until: [] });
    await server.db.queryText('delete from shared_projection', []);
    await markAsEarlierRelease(server.db);
    await refreshProjections(server.db, { projections: dstu2Projections });
    expect({ since: (await since(2)).length, until: await until(2) }).toEqual({ since: 1, until: [] });
  });
});

describe('references to a request', () => {
  it('lead to the request’s variant while it is visible', async () => {
    await load(patient, order(), report);
    expect(await request()).toEqual(to('DiagnosticOrder', ORDER, { display: 'The order' }));
    await load(order({ category: [concept('http://snomed.info/sct', '387713003')] }));
    expect(await request()).toEqual(to('ProcedureRequest', ORDER, { display: 'The order' }));
    expect((await read(`/ProcedureRequest/${ORDER}`))['id']).toBe(ORDER);
    for (const hidden of [{ intent: 'plan' }, { status: 'entered-in-error' }, { doNotPerform: true }]) {
      await load(order(hidden));
      expect(await request()).toEqual({ display: 'The order' });
    }
    await load(order());
    expect(await request()).toEqual(to('DiagnosticOrder', ORDER, { display: 'The order' }));
  });

  it('aren’t covered by the version alone, so the ETag doesn’t match', async () => {
    await load(patient, order(), report);
    const { headers } = await server.get(token, `/DiagnosticReport/${REPORT}`);
    await load(order({ intent: 'plan' }));
    const again = await server.get(token, `/DiagnosticReport/${REPORT}`, { 'if-none-match': `${headers['etag']}` });
    expect({ status: again.statusCode, request: again.json().request }).toEqual({
      status: 200,
      request: [{ display: 'The order' }],
    });
    const own = await server.get(token, `/Patient/${ANN}`);
    const known = await server.get(token, `/Patient/${ANN}`, { 'if-none-match': `${own.headers['etag']}` });
    expect(known.statusCode).toBe(304);
  });

  it('are removed when it is deleted', async () => {
    await feed(
      sent(patient, 'a'),
      sent(order(), 's', { subject: to('Patient', 'a') }),
      sent(report, 'd', {
        subject: to('Patient', 'a'),
        performer: [],
        basedOn: [to('ServiceRequest', 's', { display: 'The order' })],
      }),
    );
    const [row] = await server.db.queryText<{ patient: string }>('select patient_id as patient from record', []);
    token = await server.token(row?.patient ?? '', { scope: 'patient/*.read' });
    const notModified = async () => {
      const { entry } = (await read('/DiagnosticReport')) as { entry?: { resource: { request?: Node[] } }[] };
      return entry?.[0]?.resource.request?.[0];
    };
    expect((await notModified())?.['reference']).toMatch(/^DiagnosticOrder\//);
    await feed(remove('ServiceRequest', 's'));
    expect(await notModified()).toEqual({ display: 'The order' });
  });
});

describe('an older installation', () => {
  it('is fully converted at start', async () => {
    await load(patient, person(DOCTOR), role(DOCTOR), seen, order(), report);
    await server.db.queryText('delete from shared_projection', []);
    await server.db.queryText('update conversion set asked = null', []);
    await server.db.queryText('update resource set converted_with = 4 where converted_with is not null', []);
    await markAsEarlierRelease(server.db);
    expect((await server.get(token, `/Practitioner/${DOCTOR}`)).statusCode).toBe(404);
    const made = await refreshProjections(server.db, { projections: dstu2Projections });
    const [count] = await server.db.queryText<{ all: number }>(
      'select ((select count(converted_with) from resource) + (select count(*) from shared_projection))::int4 as all',
      [],
    );
    expect(made).toBe(count?.all);
    expect(await roles(DOCTOR)).toHaveLength(1);
    expect(await performer()).toEqual(to('Practitioner', DOCTOR, { display: 'Dr.' }));
    await load(role(DOCTOR, { modifierExtension: [{ url: 'urn:not', valueBoolean: true }] }));
    expect(await performer()).toEqual({ display: 'Dr.' });
    expect(await refreshProjections(server.db, { projections: dstu2Projections })).toBe(0);
  });
});
