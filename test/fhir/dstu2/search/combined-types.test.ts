import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projections } from '../../../../src/fhir/dstu2/index.ts';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { BASE, type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';
import type { Node } from '../fixtures/convert.ts';
import { concept, request } from '../fixtures/small-resources.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const idOf = (kind: number, number: number): string =>
  `0000000${kind}-0000-4000-8000-${String(number).padStart(12, '0')}`;
const of = (patient: string) => ({ reference: `Patient/${patient}` });
const SNOMED = 'http://snomed.info/sct';
const ASSESS = concept('http://hl7.org/fhir/us/core/CodeSystem/careplan-category', 'assess-plan');

const plan = (id: string, changes: object = {}): Resource => ({
  resourceType: 'CarePlan',
  id,
  status: 'active',
  intent: 'plan',
  category: [ASSESS],
  subject: of(ANN),
  ...changes,
});
const team = (id: string, changes: object = {}): Resource => ({
  resourceType: 'CareTeam',
  id,
  status: 'active',
  subject: of(ANN),
  participant: [{ member: of(ANN) }],
  ...changes,
});
const service = (number: number, category: string, changes: object = {}): Resource => ({
  resourceType: 'ServiceRequest',
  id: idOf(5, number),
  status: 'active',
  intent: 'order',
  category: [concept(SNOMED, category)],
  code: { text: 'x' },
  subject: of(ANN),
  ...changes,
});
const statement = (number: number, changes: object = {}): Resource => ({
  resourceType: 'MedicationStatement',
  id: idOf(3, number),
  status: 'active',
  medicationCodeableConcept: { text: 'Aspirin' },
  subject: of(ANN),
  effectiveDateTime: '2020-01-01',
  ...changes,
});

/** Periods of the plans and teams. Some have none, and some share one. One plan and one team have the same id. */
const periods = [{}, { period: { start: '2020-01-01' } }, { period: { start: '2021-01-01' } }];
const plans = [0, 1, 2, 3, 4, 5].map((number) => plan(idOf(1, number), periods[number % 3]));
const teams = [0, 1, 2, 3, 4].map((number) => team(idOf(number < 2 ? 1 : 2, number), periods[number % 3]));
const record: readonly Resource[] = [
  ...plans,
  plan(idOf(1, 90), { intent: 'option' }),
  plan(idOf(1, 91), { status: 'revoked' }),
  ...teams,
  team(idOf(2, 90), { status: 'entered-in-error' }),
  team(idOf(2, 91), { status: 'inactive' }),
  statement(1),
  statement(2, { status: 'unknown' }),
  request({ id: idOf(4, 1), subject: of(ANN), authoredOn: '2021-01-01' }),
  request({ id: idOf(4, 2), subject: of(ANN), intent: 'plan', reportedBoolean: true, authoredOn: '2022-01-01' }),
  request({ id: idOf(4, 3), subject: of(ANN), status: 'cancelled' }),
  request({ id: idOf(4, 4), subject: of(ANN), doNotPerform: true }),
  service(1, '108252007', { authoredOn: '2020-01-01' }),
  service(2, '3457005'),
  service(3, '387713003'),
  service(4, '387713003', { intent: 'plan' }),
  plan(idOf(1, 80), { subject: of(BOB) }),
  team(idOf(2, 80), { subject: of(BOB) }),
];
const SHOWN = [
  ...plans.map(({ id }) => `${id}`),
  idOf(1, 91),
  ...teams.map(({ id }) => `careteam-${id}`),
  `careteam-${idOf(2, 91)}`,
].toSorted();

let server: FhirServer;
let all: string;
beforeAll(async () => {
  server = await startFhir({ version: dstu2, projections: dstu2Projections });
  const people = [ANN, BOB].map((id) => ({ resourceType: 'Patient', id, gender: 'female' }));
  expect(await server.load([...people, ...record])).toMatchObject({ refused: [] });
  all = await server.token(ANN, { scope: 'patient/*.read' });
});
afterAll(() => server.close());

interface Answer {
  readonly total?: number;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly { readonly fullUrl: string; readonly resource: Node }[];
}
const search = async (path: string, token = all): Promise<Answer> => {
  const response = await server.get(token, path);
  expect(response.statusCode, response.body).toBe(200);
  return response.json();
};
const idsOf = ({ entry = [] }: Answer): readonly string[] => entry.map(({ resource }) => String(resource['id']));

async function pagesOf(path: string, token = all): Promise<readonly Answer[]> {
  const pages: Answer[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const page: Answer = await search(next, token);
    pages.push(page);
    next = page.link.find(({ relation }) => relation === 'next')?.url.slice(BASE.length);
  }
  return pages;
}

describe('a DSTU2 type made from two stored types', () => {
  it.each([1, 2, 3, 4, 5, 7, 50])('pages of %i lose and repeat nothing, and all have the total', async (count) => {
    const pages = await pagesOf(`/CarePlan?_count=${count}`);
    expect(pages.flatMap(idsOf).toSorted()).toEqual(SHOWN);
    expect(new Set(pages.map(({ total }) => total))).toEqual(new Set([SHOWN.length]));
  });

  it.each([
    '_sort:asc=date',
    '_sort:desc=date',
    '_sort=_lastUpdated',
    '_sort=-_lastUpdated',
    '_sort=_id',
    '_sort:desc=_id',
  ])('keeps the order %s with any page size', async (sort) => {
    const whole = idsOf(await search(`/CarePlan?${sort}`));
    expect(whole.toSorted()).toEqual(SHOWN);
    for (const count of [1, 2, 5]) {
      expect((await pagesOf(`/CarePlan?${sort}&_count=${count}`)).flatMap(idsOf)).toEqual(whole);
    }
  });

  it('has one order, latest first', async () => {
    const starts = (await search('/CarePlan')).entry?.map(
      ({ resource }) => (resource['period'] as Node)?.['start'] ?? '',
    );
    expect(starts).toEqual(starts?.toSorted().toReversed());
  });

  it('counts without entries', async () => {
    expect(await search('/CarePlan?_summary=count')).toMatchObject({ total: SHOWN.length });
  });

  it('has pages by number', async () => {
    const whole = idsOf(await search('/CarePlan'));
    const third = await search('/CarePlan?_count=4&page=3');
    expect(idsOf(third)).toEqual(whole.slice(8, 12));
    expect(third.total).toBe(SHOWN.length);
  });

  it('omits the total if it isn’t requested', async () => {
    const pages = await pagesOf('/CarePlan?_count=3&_total=none');
    expect(pages.map(({ total }) => total)).toEqual(pages.map(() => undefined));
    expect(pages.flatMap(idsOf).toSorted()).toEqual(SHOWN);
  });

  it.each([
    ['category=assess-plan', plans.length + 1],
    ['category=careteam', teams.length + 1],
    ['category=http://argonaut.hl7.org|careteam', teams.length + 1],
    ['category=assess-plan,careteam', SHOWN.length],
    ['category=careteam&status=active', teams.length],
    ['status=completed', 1],
    ['status=cancelled', 1],
    ['date=lt2021', 4],
    ['activitycode=x', 0],
    [`_id=careteam-${teams[0]?.id}`, 1],
    [`_id=${plans[0]?.id}`, 1],
    [`_id=careteam-${teams[0]?.id},${plans[0]?.id}`, 2],
    [`_id=${teams[3]?.id}`, 0],
    [`_id=careteam-${plans[4]?.id}`, 0],
    [`patient=${ANN}`, SHOWN.length],
  ])('CarePlan?%s finds %i', async (query, total) => {
    const answer = await search(`/CarePlan?${query}`);
    expect({ total: answer.total, ids: idsOf(answer).length }).toEqual({ total, ids: total });
  });

  it('has each entry at the URL where it can be read', async () => {
    for (const { fullUrl, resource } of (await search('/CarePlan')).entry ?? []) {
      expect(fullUrl).toBe(`${BASE}/CarePlan/${resource['id']}`);
      expect((await server.get(all, fullUrl.slice(BASE.length))).json()).toEqual(resource);
    }
  });

  it.each([
    [`/CarePlan/careteam-${idOf(2, 90)}`],
    [`/CarePlan/careteam-${idOf(2, 80)}`],
    [`/CarePlan/${teams[3]?.id}`],
    [`/CarePlan/careteam-careteam-${teams[3]?.id}`],
    ['/CarePlan/careteam-'],
    [`/CareTeam/${teams[3]?.id}`],
  ])('%s is 404: hidden, another patient’s, or an unknown id', async (path) => {
    expect((await server.get(all, path)).statusCode).toBe(404);
  });

  it('is recorded with the type names that the client saw', async () => {
    await server.get(all, `/CarePlan/careteam-${teams[0]?.id}`);
    expect(server.disclosures.at(-1)).toMatchObject({ detail: { id: `careteam-${teams[0]?.id}` } });
  });
});

describe('each stored type needs its own scope', () => {
  const tokenFor = (scope: string) => server.token(ANN, { scope });

  it.each([
    ['patient/CarePlan.read', plans.length + 1],
    ['patient/CareTeam.read', teams.length + 1],
    ['patient/CarePlan.read patient/CareTeam.read', SHOWN.length],
  ])('%s returns %i CarePlans', async (scope, total) => {
    const pages = await pagesOf('/CarePlan?_count=2', await tokenFor(scope));
    expect(pages.flatMap(idsOf).length).toBe(total);
    expect(pages.every((page) => page.total === total)).toBe(true);
  });

  it('neither finds nor reads what its scope doesn’t cover', async () => {
    const onlyPlans = await tokenFor('patient/CarePlan.read');
    expect(await search('/CarePlan?category=careteam', onlyPlans)).toMatchObject({ total: 0 });
    expect((await server.get(onlyPlans, `/CarePlan/careteam-${teams[0]?.id}`)).statusCode).toBe(403);
    const onlyTeams = await tokenFor('patient/CareTeam.read');
    expect((await server.get(onlyTeams, `/CarePlan/${plans[0]?.id}`)).statusCode).toBe(403);
    expect((await server.get(onlyTeams, `/CarePlan/careteam-${teams[0]?.id}`)).statusCode).toBe(200);
  });

  it.each([
    ['patient/MedicationStatement.read', [`${idOf(3, 1)}`]],
    ['patient/MedicationRequest.read', [`medicationrequest-${idOf(4, 2)}`, `medicationrequest-${idOf(4, 1)}`]],
    ['patient/MedicationOrder.read', [`medicationrequest-${idOf(4, 2)}`, `medicationrequest-${idOf(4, 1)}`]],
    ['patient/*.read', [`medicationrequest-${idOf(4, 2)}`, `medicationrequest-${idOf(4, 1)}`, `${idOf(3, 1)}`]],
  ])('%s returns these MedicationStatements: %j', async (scope, ids) => {
    const answer = await search('/MedicationStatement', await tokenFor(scope));
    expect({ total: answer.total, ids: idsOf(answer) }).toEqual({ total: ids.length, ids });
  });

  it('rejects a token without access to either before any search', async () => {
    const token = await tokenFor('patient/Observation.read');
    expect((await server.get(token, '/CarePlan?nonsense:x=%00')).statusCode).toBe(403);
  });

  it('rejects another patient, whatever the parameters', async () => {
    for (const path of [`/CarePlan?patient=${BOB}`, `/CarePlan?patient=${BOB}&category=careteam`]) {
      expect((await server.get(all, path)).statusCode).toBe(403);
      expect((await server.get(await tokenFor('patient/CareTeam.read'), path)).statusCode).toBe(403);
    }
  });

  it('pages for staff over the patients of their practice, with scopes that differ by type', async () => {
    const options = { practices: [1], record: false as const };
    const both = await server.token(ANN, { ...options, scope: 'user/CarePlan.read user/CareTeam.read' });
    const pages = await pagesOf('/CarePlan?_count=3&_total=accurate', both);
    expect(pages.flatMap(idsOf).length).toBe(SHOWN.length + 2);
    expect(pages[0]?.total).toBe(SHOWN.length + 2);
    const mixed = await server.token(ANN, { practices: [1], scope: 'user/CarePlan.read patient/CareTeam.read' });
    const some = await pagesOf('/CarePlan?_count=3&_total=accurate', mixed);
    expect(some.flatMap(idsOf).length).toBe(SHOWN.length + 1);
    expect(some[0]?.total).toBe(SHOWN.length + 1);
  });
});

describe('MedicationStatement', () => {
  it('is found by its elements; a prescription has no effective time', async () => {
    expect(idsOf(await search('/MedicationStatement?effectivedate=2020'))).toEqual([idOf(3, 1)]);
    expect(idsOf(await search('/MedicationStatement?effectivedate=2021'))).toEqual([]);
    expect((await search('/MedicationStatement?status=active')).total).toBe(3);
  });

  it('and MedicationOrder both exist', async () => {
    expect(idsOf(await search('/MedicationOrder?status=active'))).toEqual([idOf(4, 1)]);
    const made = (await server.get(all, `/MedicationStatement/medicationrequest-${idOf(4, 1)}`)).json();
    expect(made).toMatchObject({ supportingInformation: [{ reference: `MedicationOrder/${idOf(4, 1)}` }] });
  });
});

describe('a stored type with three DSTU2 types', () => {
  it.each([
    ['DiagnosticOrder', 1],
    ['ReferralRequest', 2],
    ['ProcedureRequest', 3],
  ])('%s', async (type, number) => {
    const answer = await search(`/${type}?patient=${ANN}`);
    expect({ total: answer.total, ids: idsOf(answer) }).toEqual({ total: 1, ids: [idOf(5, number)] });
    expect(answer.entry?.[0]?.fullUrl).toBe(`${BASE}/${type}/${idOf(5, number)}`);
    for (const other of [1, 2, 3, 4]) {
      const { statusCode } = await server.get(all, `/${type}/${idOf(5, other)}`);
      expect(statusCode).toBe(other === number ? 200 : 404);
    }
  });

  it('is authorized by either name', async () => {
    for (const [scope, code] of [
      ['patient/ServiceRequest.read', 200],
      ['patient/DiagnosticOrder.read', 200],
      ['patient/ReferralRequest.read', 403],
    ] as const) {
      expect((await server.get(await server.token(ANN, { scope }), '/DiagnosticOrder')).statusCode).toBe(code);
    }
  });

  it('is found by when it was ordered', async () => {
    expect((await search('/DiagnosticOrder?event-date=2020')).total).toBe(1);
    expect((await search('/DiagnosticOrder?event-date=2021')).total).toBe(0);
  });
});
