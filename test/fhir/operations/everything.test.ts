import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Resource, r4 } from '../../../src/fhir/index.ts';
import { BASE, type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const [ANN, BOB, CAT] = [id(901), id(902), id(903)];
const [DOCTOR, CLINIC, WARD, STRANGER] = [id(801), id(802), id(803), id(804)];
const about = (patient: string) => ({ reference: `Patient/${patient}` });
const SECRET = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'ETH' };

const observation = (number: number, patient: string, more: object = {}): Resource => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  code: { text: 'Weight' },
  subject: about(patient),
  ...more,
});
const LABORATORY = {
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
  ],
};
const IN_2021 = { effectivePeriod: { start: '2021-01-01', end: '2021-12-31' } };

let server: FhirServer;
let ann: string;
beforeAll(async () => {
  server = await startFhir();
  const { refused } = await server.load([
    { resourceType: 'Practitioner', id: DOCTOR, name: [{ family: 'Doctor' }] },
    { resourceType: 'Organization', id: CLINIC, name: 'Clinic' },
    { resourceType: 'Location', id: WARD, name: 'Ward', managingOrganization: { reference: `Organization/${CLINIC}` } },
    { resourceType: 'Practitioner', id: STRANGER, name: [{ family: 'Stranger' }] },
    { resourceType: 'Patient', id: ANN },
    observation(1, ANN, {
      effectiveDateTime: '2020-05-01',
      ...LABORATORY,
      performer: [{ reference: `Practitioner/${DOCTOR}` }],
    }),
    observation(2, ANN, IN_2021),
    observation(3, ANN, { meta: { security: [SECRET] } }),
    {
      resourceType: 'Encounter',
      id: id(10),
      status: 'finished',
      class: { code: 'AMB' },
      subject: about(ANN),
      period: { start: '2021-06-01', end: '2021-06-02' },
      location: [{ location: { reference: `Location/${WARD}` } }],
    },
    {
      resourceType: 'Condition',
      id: id(20),
      subject: about(ANN),
      code: { text: 'Asthma' },
      onsetDateTime: '2010-01-01',
      recorder: { reference: `Practitioner/${DOCTOR}` },
    },
    {
      resourceType: 'Condition',
      id: id(21),
      subject: about(ANN),
      code: { text: 'Cold' },
      onsetDateTime: '2019-01-01',
      abatementDateTime: '2019-02-01',
    },
    {
      resourceType: 'AllergyIntolerance',
      id: id(30),
      patient: about(ANN),
      code: { text: 'Nuts' },
      recordedDate: '2001-01-01',
    },
    {
      resourceType: 'DocumentReference',
      id: id(40),
      status: 'current',
      subject: about(ANN),
      date: '2022-01-01T00:00:00Z',
      content: [{ attachment: { contentType: 'text/plain', data: Buffer.from('Note').toString('base64') } }],
    },
    {
      resourceType: 'Provenance',
      id: id(50),
      target: [{ reference: `Observation/${id(1)}` }, { reference: `Condition/${id(20)}` }],
      recorded: '2020-05-02T00:00:00Z',
      agent: [{ who: { reference: `Practitioner/${DOCTOR}` } }],
    },
    {
      resourceType: 'Provenance',
      id: id(51),
      target: [{ reference: `Observation/${id(3)}` }],
      recorded: '2020-05-02T00:00:00Z',
      agent: [{ who: { reference: `Organization/${CLINIC}` } }],
    },
    { resourceType: 'Patient', id: BOB },
    observation(4, BOB),
    observation(5, BOB, { performer: [{ reference: `Practitioner/${STRANGER}` }] }),
  ]);
  expect(refused).toEqual([]);
  await server.load([{ resourceType: 'Patient', id: CAT }, observation(6, CAT)], { practiceId: 2 });
  ann = await server.token(ANN);
});
afterAll(() => server.close());

interface Entry {
  readonly fullUrl: string;
  readonly resource: { readonly resourceType: string; readonly id: string; readonly [element: string]: unknown };
  readonly search: { readonly mode: string };
}
interface Bundle {
  readonly total: number;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly Entry[];
}
async function everything(token: string, path = '/Patient/$everything'): Promise<Bundle> {
  const answer = await server.get(token, path);
  expect({ status: answer.statusCode, error: answer.statusCode === 200 ? '' : answer.body }).toEqual({
    status: 200,
    error: '',
  });
  return answer.json();
}
const nameOf = ({ resource }: Entry) => `${resource.resourceType}/${Number(resource.id.slice(0, 8))}`;
const names = ({ entry = [] }: Bundle) => entry.map(nameOf).sort();
const ofMode = ({ entry = [] }: Bundle, mode: string) => entry.filter(({ search }) => search.mode === mode);

/** Resources of Ann's record beside her Patient. */
const RECORD = [
  'AllergyIntolerance/30',
  'Condition/20',
  'Condition/21',
  'DocumentReference/40',
  'Encounter/10',
  'Observation/1',
  'Observation/2',
  'Observation/3',
  'Patient/901',
  'Provenance/50',
  'Provenance/51',
];
const DIRECTORY = ['Location/803', 'Organization/802', 'Practitioner/801'];

describe('Patient/$everything (FHIR R4, OperationDefinition Patient-everything)', () => {
  it('returns the record, and each directory resource that it refers to once', async () => {
    const bundle = await everything(ann);
    expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'searchset', total: RECORD.length });
    expect(names(bundle)).toEqual([...RECORD, ...DIRECTORY].sort());
    expect(ofMode(bundle, 'match')).toHaveLength(RECORD.length);
    expect(ofMode(bundle, 'include').map(nameOf).sort()).toEqual(DIRECTORY);
    expect(bundle.link).toEqual([{ relation: 'self', url: `${BASE}/Patient/$everything` }]);
  });

  it('returns each resource as a read does', async () => {
    for (const { fullUrl, resource } of (await everything(ann)).entry ?? []) {
      expect(fullUrl).toBe(`${BASE}/${resource.resourceType}/${resource.id}`);
      expect((await server.get(ann, fullUrl)).json()).toEqual(resource);
    }
  });

  it('returns the same for the patient by id, in any case, and by POST as a form', async () => {
    const whole = names(await everything(ann));
    expect(names(await everything(ann, `/Patient/${ANN.toUpperCase()}/$everything`))).toEqual(whole);
    for (const path of ['/Patient/$everything', `/Patient/${ANN}/$everything`]) {
      const answer = await server.app.inject({
        method: 'POST',
        url: `/api/fhir/r4${path}`,
        payload: '_type=Observation',
        headers: { authorization: `Bearer ${ann}`, 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(names(answer.json())).toEqual(['Observation/1', 'Observation/2', 'Observation/3']);
    }
  });

  it('returns a Bundle in XML, too', async () => {
    const answer = await server.get(ann, '/Patient/$everything', { accept: 'application/fhir+xml' });
    expect(answer.headers['content-type']).toBe('application/fhir+xml; charset=utf-8');
    expect(answer.body).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?><Bundle xmlns="http:\/\/hl7.org\/fhir">.*<\/Bundle>$/,
    );
    expect(answer.body.match(/<entry>/g)).toHaveLength(RECORD.length + DIRECTORY.length);
    expect(answer.body.match(/<Bundle/g)).toHaveLength(1);
    const none = await server.get(ann, '/Patient/$everything?_since=2999', { accept: 'application/fhir+xml' });
    expect(none.body).toMatch(/<total value="0"\/>.*<\/Bundle>$/);
  });

  it('answers HEAD with its headers alone', async () => {
    const url = '/api/fhir/r4/Patient/$everything';
    const answer = await server.app.inject({ method: 'HEAD', url, headers: { authorization: `Bearer ${ann}` } });
    expect({ status: answer.statusCode, body: answer.body, contentLength: answer.headers['content-length'] }).toEqual({
      status: 200,
      body: '',
      contentLength: undefined,
    });
    expect(answer.headers['content-type']).toBe('application/fhir+json; charset=utf-8');
  });
});

describe('parameters of $everything', () => {
  it.each([
    ['start=2021-03-01&end=2021-03-31', ['Condition/20', 'Observation/2', 'Observation/3']],
    ['start=2021-06-02', ['Condition/20', 'DocumentReference/40', 'Encounter/10', 'Observation/2', 'Observation/3']],
    ['end=2010-12-31', ['Condition/20', 'Observation/3']],
    ['start=2019-02-01&end=2019', ['Condition/20', 'Condition/21', 'Observation/3']],
    ['start=2020-05-01&end=2020-05-01', ['Condition/20', 'Observation/1', 'Observation/3']],
  ])('?%s: includes resources that overlap the period, and those without a date', async (query, dated) => {
    const lasting = ['AllergyIntolerance/30', 'Patient/901'];
    const entries = (await everything(ann, `/Patient/$everything?${query}`)).entry ?? [];
    const seen = entries.filter(({ search }) => search.mode === 'match').map(nameOf);
    expect(seen.filter((name) => !name.startsWith('Provenance')).sort()).toEqual([...lasting, ...dated].sort());
  });

  it.each([
    ['_type=Observation', ['Observation/1', 'Observation/2', 'Observation/3']],
    ['_type=condition,AllergyIntolerance', ['AllergyIntolerance/30', 'Condition/20', 'Condition/21']],
    ['_type=Encounter&_type=Location', ['Encounter/10', 'Location/803']],
    ['_type=Observation,Practitioner', ['Observation/1', 'Observation/2', 'Observation/3', 'Practitioner/801']],
    ['_type=Media', []],
  ])('?%s', async (query, expected) => {
    expect(names(await everything(ann, `/Patient/$everything?${query}`))).toEqual(expected);
  });

  it('?_since: returns what changed since, in the directory too', async () => {
    const before = server.clock.now();
    server.clock.set(new Date(before.getTime() + 60_000));
    await server.load([
      observation(4, BOB, { performer: [{ reference: `Practitioner/${STRANGER}` }] }),
      { resourceType: 'Organization', id: CLINIC, name: 'Clinic, renamed' },
    ]);
    const bob = await server.token(BOB);
    const since = new Date(before.getTime() + 30_000).toISOString();
    expect(names(await everything(bob, `/Patient/$everything?_since=${since}`))).toEqual(['Observation/4']);
    expect(names(await everything(bob, '/Patient/$everything?_since=2000'))).toEqual([
      'Observation/4',
      'Observation/5',
      'Patient/902',
      'Practitioner/804',
    ]);
    expect(await everything(bob, '/Patient/$everything?_since=2999')).toMatchObject({ total: 0 });
    expect((await everything(bob, '/Patient/$everything?_since=2999')).entry).toBeUndefined();
  });

  it.each([
    ['start=soon', 'search-invalid'],
    ['start=2022&end=2021-12-31', 'search-invalid'],
    ['end=2020-13', 'search-invalid'],
    ['start=ge2020', 'search-invalid'],
    ['_since=yesterday', 'search-invalid'],
    ['_count=some', 'search-invalid'],
    ['_count=-1', 'search-invalid'],
    ['_type=Nothing', 'search-invalid'],
    ['_type=Observation,Binary', 'search-invalid'],
    ['_cursor=x', 'search-invalid'],
  ])('?%s is rejected', async (query, code) => {
    const answer = await server.get(ann, `/Patient/$everything?${query}`);
    expect({ status: answer.statusCode, code: answer.json().issue[0].details.coding[0].code }).toEqual({
      status: 400,
      code,
    });
  });

  it('unsupported parameters are ignored, or rejected with strict handling', async () => {
    const bundle = await everything(ann, '/Patient/$everything?colour=red&_type=Patient&_format=json');
    expect(bundle.link[0]?.url).toBe(`${BASE}/Patient/$everything?_type=Patient`);
    const strict = await server.get(ann, '/Patient/$everything?colour=red', { prefer: 'handling=strict' });
    expect({ status: strict.statusCode, code: strict.json().issue[0].details.coding[0].code }).toEqual({
      status: 400,
      code: 'parameter-unknown',
    });
  });

  it('care dates use existing indexes', async () => {
    const { CARE_TIMES } = await import('../../../src/fhir/search/care-time.ts');
    for (const [type, { dates: at, end }] of Object.entries(CARE_TIMES)) {
      const parameters = r4.types.find(({ stored }) => stored === type)?.parameters ?? [];
      const dates = parameters.filter(({ kind }) => kind === 'date').map(({ name }) => name);
      expect(dates, type).toEqual(expect.arrayContaining([...at, ...(end === undefined ? [] : [end])]));
    }
  });
});

describe('pages of $everything', () => {
  async function pages(token: string, first: string): Promise<readonly Bundle[]> {
    const all: Bundle[] = [];
    for (let url: string | undefined = first; url !== undefined; ) {
      const bundle = await everything(token, url);
      all.push(bundle);
      url = bundle.link.find(({ relation }) => relation === 'next')?.url;
    }
    return all;
  }

  it.each([1, 2, 3, 5, 10, 11, 1000])('of %i add up to the whole', async (count) => {
    const all = await pages(ann, `/Patient/$everything?_count=${count}`);
    expect(all).toHaveLength(Math.ceil(RECORD.length / count));
    expect(
      all
        .flatMap((page) => ofMode(page, 'match'))
        .map(nameOf)
        .sort(),
    ).toEqual(RECORD);
    expect(new Set(all.map(({ total }) => total))).toEqual(new Set([RECORD.length]));
    expect([...new Set(all.flatMap((page) => ofMode(page, 'include')).map(nameOf))].sort()).toEqual(DIRECTORY);
    for (const page of all) expect(new Set(names(page)).size).toBe(page.entry?.length);
  });

  it('leave out resources that were added later, and keep those that were updated', async () => {
    const first = await everything(ann, '/Patient/$everything?_count=4&_type=Observation,Condition');
    const before = ofMode(first, 'match').map(nameOf);
    server.clock.set(new Date(server.clock.now().getTime() + 60_000));
    await server.load([observation(7, ANN), observation(2, ANN, { ...IN_2021, status: 'amended' })]);
    const next = first.link.find(({ relation }) => relation === 'next')?.url ?? '';
    const rest = (await pages(ann, next)).flatMap((page) => ofMode(page, 'match').map(nameOf));
    const all = RECORD.filter((name) => /^(Observation|Condition)/.test(name));
    expect([...before, ...rest].sort()).toEqual(all);
    expect(names(await everything(ann, '/Patient/$everything?_type=Observation'))).toContain('Observation/7');
    await server.db.queryText('delete from resource where id = $1', [id(7)]);
  });

  it('of size 0 have the total alone', async () => {
    expect(await everything(ann, '/Patient/$everything?_count=0')).toEqual({
      resourceType: 'Bundle',
      type: 'searchset',
      total: RECORD.length,
      link: [{ relation: 'self', url: `${BASE}/Patient/$everything?_count=0` }],
    });
  });

  it('show another token no more than its own grant allows', async () => {
    const { link } = await everything(ann, '/Patient/$everything?_count=2');
    const next = link.find(({ relation }) => relation === 'next')?.url ?? '';
    const bob = await server.token(BOB);
    expect((await server.get(bob, next)).statusCode).toBe(400);
    const cursor = Buffer.from(new URL(next).searchParams.get('_cursor') ?? '', 'base64url').toString();
    const parts: unknown[] = JSON.parse(cursor);
    const forged = server.forgeCursor(bob, 'Patient/$everything', parts.slice(0, 5));
    const ids = ((await everything(bob, `/Patient/$everything?_cursor=${forged}`)).entry ?? []).map(
      ({ resource }) => resource.id,
    );
    expect(ids.some((one) => one === ANN || RECORD.some((name) => name.endsWith(`/${Number(one.slice(0, 8))}`)))).toBe(
      false,
    );
  });
});

describe('access to $everything', () => {
  it('another patient’s record is 404, as in a read', async () => {
    for (const other of [BOB, CAT, id(999), 'x', "'"]) {
      const [all, one] = await Promise.all([
        server.get(ann, `/Patient/${encodeURIComponent(other)}/$everything`),
        server.get(ann, `/Patient/${encodeURIComponent(other)}`),
      ]);
      expect({ status: all.statusCode, details: all.json().issue[0].details }).toEqual({
        status: 404,
        details: one.json().issue[0].details,
      });
    }
  });

  it('types that weren’t granted are left out, whatever refers to them', async () => {
    const token = await server.token(ANN, { scope: 'patient/Observation.rs patient/Organization.rs' });
    expect(names(await everything(token))).toEqual(['Observation/1', 'Observation/2', 'Observation/3']);
    const read = await server.token(ANN, { scope: 'patient/Condition.r patient/Encounter.s patient/Location.r' });
    expect(names(await everything(read))).toEqual(['Encounter/10']);
  });

  it('a token without any type of the record is 403, before anything is read', async () => {
    for (const scope of ['patient/Practitioner.rs', 'patient/Observation.r', 'openid fhirUser launch/patient']) {
      const token = await server.token(ANN, { scope });
      for (const path of ['/Patient/$everything', `/Patient/${BOB}/$everything`, '/Patient/$everything?start=soon']) {
        expect((await server.get(token, path)).statusCode, scope).toBe(403);
      }
    }
    const few = await server.token(ANN, { scope: 'patient/Observation.rs' });
    expect((await server.get(few, '/Patient/$everything?_type=Condition')).statusCode).toBe(403);
    expect((await server.get(undefined, '/Patient/$everything')).statusCode).toBe(401);
    expect((await server.get(await server.token(ANN, { apis: ['dstu2'] }), '/Patient/$everything')).statusCode).toBe(
      403,
    );
    const off = await server.token(ANN, { practiceEnabled: false });
    expect((await server.get(off, '/Patient/$everything')).statusCode).toBe(403);
  });

  it('granular scopes include only the resources they match (SMART App Launch 2.2 §3.0.2.5)', async () => {
    const scope = 'patient/Observation.rs?category=laboratory patient/Patient.rs patient/Provenance.rs';
    const bundle = await everything(await server.token(ANN, { scope }));
    expect(names(bundle)).toEqual(['Observation/1', 'Patient/901', 'Provenance/50']);
    const provenance = bundle.entry?.find(({ resource }) => resource.resourceType === 'Provenance')?.resource;
    expect(provenance?.['target']).toEqual([{ reference: `Observation/${id(1)}` }]);
  });

  it('resources with a withheld label are left out, with Provenance about them alone and directory resources that only they name', async () => {
    const token = await server.token(ANN, { withheld: [SECRET] });
    const shown = names(await everything(token, '/Patient/$everything?_type=Observation,Provenance,Organization'));
    expect(shown).toEqual(['Observation/1', 'Observation/2', 'Provenance/50']);
  });

  it('a token for practices reads any of their patients', async () => {
    const staff = await server.token(ANN, { scope: 'user/*.rs', practices: [1], record: false });
    expect(names(await everything(staff, `/Patient/${ANN}/$everything`))).toEqual([...RECORD, ...DIRECTORY].sort());
    expect(names(await everything(staff, `/Patient/${BOB}/$everything?_type=Patient`))).toEqual(['Patient/902']);
    for (const other of [CAT, id(999), 'x']) {
      expect((await server.get(staff, `/Patient/${other}/$everything`)).statusCode).toBe(404);
    }
    const both = await server.token(ANN, { scope: 'system/*.rs', practices: [1, 2], record: false });
    expect(names(await everything(both, `/Patient/${CAT}/$everything`))).toEqual(['Observation/6', 'Patient/903']);
    const nobody = await server.get(both, '/Patient/$everything');
    expect({ status: nobody.statusCode, text: nobody.json().issue[0].details.text }).toEqual({
      status: 400,
      text: expect.stringContaining('Patient/{id}/$everything'),
    });
  });

  it('a patient in context and practices: each type covers what its scope covers', async () => {
    const scope = 'patient/Condition.rs user/Observation.rs';
    const token = await server.token(ANN, { scope, practices: [1] });
    expect(names(await everything(token))).toEqual([
      'Condition/20',
      'Condition/21',
      'Observation/1',
      'Observation/2',
      'Observation/3',
    ]);
    expect(names(await everything(token, `/Patient/${BOB}/$everything`))).toEqual(['Observation/4', 'Observation/5']);
  });

  it('two records of one patient at two practices: the one in context is returned', async () => {
    await server.load([{ resourceType: 'Patient', id: BOB }, observation(8, BOB)], { practiceId: 2 });
    const scope = 'user/Patient.rs user/Observation.rs';
    const at = async (practice: number) => server.token(BOB, { scope, practices: [1, 2], at: practice });
    expect(names(await everything(await at(2)))).toEqual(['Observation/8', 'Patient/902']);
    expect(names(await everything(await at(1)))).toEqual(['Observation/4', 'Observation/5', 'Patient/902']);
    const free = await server.token(ANN, { scope, practices: [1, 2], record: false });
    const all = await everything(free, `/Patient/${BOB}/$everything`);
    expect(names(all)).toEqual(['Observation/4', 'Observation/5', 'Observation/8', 'Patient/902', 'Patient/902']);
    expect(all.total).toBe(5);
  });
});

describe('the audit log of $everything', () => {
  it('counts the resources of each type before any is sent', async () => {
    server.disclosures.length = 0;
    const bundle = await everything(ann, '/Patient/$everything?_type=Observation,Condition,Encounter,Location');
    const recorded = server.disclosures.map(({ kind, outcome, type, resources, detail }) => ({
      kind,
      outcome,
      type,
      resources,
      detail,
    }));
    const detail = { operation: 'everything', parameters: ['_type'], total: 6 };
    const of = (type: string, resources: number) => ({ kind: 'search', outcome: 'success', type, resources, detail });
    expect(recorded).toEqual([of('Condition', 2), of('Encounter', 1), of('Observation', 3)]);
    expect(new Set(server.disclosures.map(({ requestId }) => requestId)).size).toBe(1);
    expect(ofMode(bundle, 'match')).toHaveLength(6);
  });

  it('has no values, but has rejections', async () => {
    server.disclosures.length = 0;
    await server.get(ann, `/Patient/${BOB}/$everything?start=2020-02-02`);
    expect(server.disclosures).toEqual([
      expect.objectContaining({ outcome: 'failure', resources: 0, detail: { problem: 'not-found' } }),
    ]);
    expect(JSON.stringify(server.disclosures)).not.toContain('2020-02-02');
  });

  it('nothing is sent if it can’t be recorded', async () => {
    server.breakAuditLog(3);
    const answer = await server.get(ann, '/Patient/$everything');
    server.breakAuditLog(Number.POSITIVE_INFINITY);
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('Observation');
  });
});
