import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, projections, type Resource } from '../../../src/fhir/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { BASE, type FhirServer, startFhir, type TokenOptions } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
/** Id of a patient of the second practice. */
const CAT = '0000000c-0000-4000-8000-000000000000';
/** Id of a patient of both practices, who has two records. Both records have a Patient with this id. */
const DAN = '0000000d-0000-4000-8000-000000000000';
const MERGED = '0000000e-0000-4000-8000-000000000000';
const ERASED = '0000000f-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const DOCTOR = id(90);
const DOCTOR_OF_TWO = id(91);

const observation = (number: number, subject: string, category: string, day = '2024-05-01'): Resource => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  subject: { reference: `Patient/${subject}` },
  category: [{ coding: [{ code: category }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '1' }] },
  effectiveDateTime: day,
});
const note = (number: number, subject: string): Resource => ({
  resourceType: 'DocumentReference',
  id: id(number),
  status: 'current',
  subject: { reference: `Patient/${subject}` },
  category: [{ coding: [{ code: 'clinical-note' }] }],
  content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(`note ${number}`).toString('base64') } }],
});
const provenance = (number: number, ...targets: readonly number[]): Resource => ({
  resourceType: 'Provenance',
  id: id(number),
  recorded: '2024-05-03T00:00:00Z',
  target: targets.map((target) => ({ reference: `Observation/${id(target)}` })),
  agent: [{ who: { reference: `Practitioner/${DOCTOR}` } }],
});
const practitioner = (number: string, family: string): Resource => ({
  resourceType: 'Practitioner',
  id: number,
  name: [{ family }],
});

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
  await server.load([
    ...[ANN, BOB, DAN, MERGED, ERASED].map((one) => patient(one, one.slice(7, 8))),
    observation(1, ANN, 'laboratory', '2024-05-01'),
    observation(2, ANN, 'vital-signs', '2024-05-02'),
    observation(3, BOB, 'laboratory', '2024-05-03'),
    observation(4, BOB, 'vital-signs', '2024-05-04'),
    observation(5, DAN, 'laboratory', '2024-05-05'),
    observation(6, MERGED, 'laboratory'),
    observation(7, ERASED, 'laboratory'),
    note(20, ANN),
    note(21, BOB),
    note(22, MERGED),
    provenance(30, 1, 2),
    provenance(31, 4),
    practitioner(DOCTOR, 'One'),
  ]);
  await server.load(
    [
      ...[CAT, DAN].map((one) => patient(one, one.slice(7, 8))),
      observation(5, DAN, 'laboratory', '2024-05-05'),
      observation(8, DAN, 'laboratory', '2024-05-08'),
      observation(9, CAT, 'laboratory', '2024-05-09'),
      note(23, CAT),
      provenance(32, 9),
      practitioner(DOCTOR_OF_TWO, 'Two'),
    ],
    { practiceId: 2 },
  );
  await server.db.queryText("update record set state = 'merged' where patient_id = $1", [MERGED]);
  await server.db.queryText("update record set state = 'erased' where patient_id = $1", [ERASED]);
});
afterAll(() => server.close());

/** Creates a token of a staff member or of a backend app, without a patient in context. */
const of = (practices: readonly number[], scope = 'user/*.rs', more: TokenOptions = {}) =>
  server.token(ANN, { practices, scope, record: false, ...more });

interface Found {
  readonly total: number;
  readonly numbers: readonly number[];
  readonly included: readonly number[];
  readonly next: string | undefined;
}

async function search(token: string, path: string): Promise<Found> {
  const answer = await server.get(token, path);
  expect(answer.statusCode, answer.body).toBe(200);
  const { total, entry = [], link } = answer.json();
  const inMode = (mode: string) =>
    entry
      .filter((one: { search: { mode: string } }) => one.search.mode === mode)
      .map((one: { resource: { id: string } }) => Number(one.resource.id.slice(0, 8)));
  const next = link.find(({ relation }: { relation: string }) => relation === 'next')?.url;
  return { total, numbers: inMode('match'), included: inMode('include'), next };
}

const idsOf = async (token: string, path: string): Promise<readonly string[]> => {
  const { entry = [] } = (await server.get(token, path)).json();
  return entry.map((one: { resource: { id: string } }) => one.resource.id).sort();
};

describe('user scopes: access of a member of staff (SMART App Launch 2.2 §3.0.2.1)', () => {
  it('find the active records of the practices, all patients, and no others', async () => {
    const staff = await of([1]);
    expect(await search(staff, '/Observation')).toMatchObject({ total: 5, numbers: [1, 2, 3, 4, 5] });
    expect(await search(staff, '/Observation?_count=0')).toMatchObject({ total: 5, numbers: [] });
    expect(await idsOf(staff, '/Patient')).toEqual([ANN, BOB, DAN]);
    expect(await idsOf(await of([2]), '/Patient')).toEqual([CAT, DAN]);
  });

  it.each([
    ['of another practice', 9],
    ['of a merged record', 6],
    ['of an erased record', 7],
    ['with an unknown id', 99],
  ])('do not find a resource %s in any way', async (_what, number) => {
    const staff = await of([1]);
    expect((await server.get(staff, `/Observation/${id(number)}`)).statusCode).toBe(404);
    expect(await search(staff, `/Observation?_id=${id(number)},${id(1)}`)).toMatchObject({ total: 1, numbers: [1] });
    expect((await search(staff, `/Provenance?target=Observation/${id(number)}`)).total).toBe(0);
  });

  it('find no Patient of another practice, merged or erased, and can’t narrow a search to one', async () => {
    const staff = await of([1]);
    for (const other of [CAT, MERGED, ERASED]) {
      expect((await server.get(staff, `/Patient/${other}`)).statusCode).toBe(404);
      for (const path of [
        `/Patient?_id=${other}`,
        `/Observation?patient=${other}`,
        `/DocumentReference?subject=${other}`,
      ])
        expect(await search(staff, path)).toMatchObject({ total: 0, numbers: [] });
    }
  });

  it('read the directory of the practices alone', async () => {
    const one = await of([1]);
    expect(await idsOf(one, '/Practitioner')).toEqual([DOCTOR]);
    expect((await server.get(one, `/Practitioner/${DOCTOR_OF_TWO}`)).statusCode).toBe(404);
    expect(await idsOf(await of([1, 2]), '/Practitioner')).toEqual([DOCTOR, DOCTOR_OF_TWO]);
    expect(await idsOf(await of([1, 2]), `/Practitioner?patient=${CAT}`)).toEqual([DOCTOR_OF_TWO]);
    expect(await idsOf(one, `/Practitioner?patient=${CAT}`)).toEqual([]);
  });

  it('open the documents of the practices alone', async () => {
    const urlOf = async (token: string, number: number) =>
      (await server.get(token, `/DocumentReference/${id(number)}`)).json().content[0].attachment.url;
    const one = await of([1]);
    expect((await server.get(one, await urlOf(one, 21))).body).toBe('note 21');
    const two = await of([2]);
    const foreign = await urlOf(two, 23);
    expect((await server.get(two, foreign)).body).toBe('note 23');
    expect((await server.get(one, foreign)).statusCode).toBe(404);
    const labs = await of([1], 'user/DocumentReference.rs?category=imaging');
    expect((await server.get(labs, await urlOf(one, 21))).statusCode).toBe(404);
    const merged = await server.token(MERGED);
    const gone = await urlOf(merged, 22);
    expect((await server.get(one, gone)).statusCode).toBe(404);
  });

  it('mean nothing without practices: a patient’s token is about one record', async () => {
    const none = await server.token(ANN, { scope: 'user/*.rs' });
    expect((await server.get(none, '/Observation')).statusCode).toBe(403);
    expect((await server.get(await of([], 'patient/*.rs'), '/Observation')).statusCode).toBe(403);
  });

  it('are rejected by type before any row is read', async () => {
    const staff = await of([1], 'user/Condition.rs');
    for (const path of ['/Observation', `/Observation/${id(1)}`, `/Observation/${id(9)}`]) {
      const answer = await server.get(staff, path);
      expect(answer.statusCode).toBe(403);
      expect(answer.json().issue[0].details.coding[0].code).toBe('scope-denied');
    }
  });
});

describe('a rejection by scope names who can change it', () => {
  const textOf = async (token: string) => (await server.get(token, '/Observation')).json().issue[0].details.text;

  it('the patient or the app, if a patient was requested', async () => {
    expect(await textOf(await server.token(ANN, { scope: 'patient/Condition.rs' }))).toContain(
      'The patient did not allow',
    );
  });

  it('the app alone, if none was', async () => {
    const staff = await of([1], 'user/Condition.rs');
    const inContext = await server.token(ANN, { practices: [1], scope: 'patient/Condition.rs' });
    for (const token of [staff, inContext, await of([1], 'system/Condition.rs')]) {
      expect(await textOf(token)).toContain('The app did not request it, or is not registered for it');
      expect(await textOf(token)).not.toContain('patient');
    }
  });
});

describe('system scopes: access of a backend app', () => {
  it('cover the practices that were named for it', async () => {
    const app = await of([2], 'system/*.rs');
    expect(await search(app, '/Observation')).toMatchObject({ total: 3, numbers: [9, 5, 8] });
    expect((await server.get(app, `/Observation/${id(1)}`)).statusCode).toBe(404);
    expect((await search(await of([2], 'system/Observation.rs'), '/Observation')).total).toBe(3);
  });
});

describe('the patient parameter with a token for practices (FHIR R4 search §3.1.1.3)', () => {
  it.each([
    [`patient=${ANN}`, [2, 1]],
    [`subject=Patient/${BOB}`, [4, 3]],
    [`subject:Patient=${BASE}/Patient/${BOB.toUpperCase()}`, [4, 3]],
    [`patient=${ANN},${BOB},${CAT}`, [4, 3, 2, 1]],
    [`patient=${ANN}&subject=${ANN}`, [2, 1]],
    [`patient=${ANN}&subject=${BOB}`, []],
    [`patient=Group/${ANN}`, []],
    ['patient=nonsense', []],
    [`patient=${ANN}&category=laboratory`, [1]],
    [`patient=${DAN}`, [5]],
  ])('%s finds %j', async (query, numbers) => {
    const staff = await of([1]);
    expect(await search(staff, `/Observation?${query}`)).toMatchObject({ total: numbers.length, numbers });
  });

  it('narrows Patient, too', async () => {
    expect(await idsOf(await of([1]), `/Patient?patient=${BOB},${CAT}`)).toEqual([BOB]);
  });

  it('is rejected as usual if the token is for one patient', async () => {
    const launched = await server.token(ANN, { scope: 'patient/*.rs', practices: [1] });
    const answer = await server.get(launched, `/Observation?patient=${BOB}`);
    expect(answer.statusCode).toBe(403);
    expect(answer.json().issue[0].details.coding[0].code).toBe('patient-mismatch');
    expect((await search(launched, '/Observation')).numbers).toEqual([2, 1]);
  });
});

describe('patient and user scopes in one token', () => {
  const scope = 'patient/Observation.rs?category=laboratory user/Observation.rs?category=vital-signs';
  const launched = (given = scope) => server.token(ANN, { scope: given, practices: [1] });

  it('each apply to their own part', async () => {
    const token = await launched();
    expect(await search(token, '/Observation')).toMatchObject({ total: 3, numbers: [1, 2, 4] });
    expect(await search(token, '/Observation?category=laboratory')).toMatchObject({ total: 1, numbers: [1] });
    expect((await server.get(token, `/Observation/${id(3)}`)).statusCode).toBe(404);
    expect((await server.get(token, `/Observation/${id(4)}`)).statusCode).toBe(200);
    expect(await search(token, `/Observation?patient=${BOB}`)).toMatchObject({ total: 1, numbers: [4] });
    expect(await search(token, `/Observation?patient=${ANN}`)).toMatchObject({ total: 2, numbers: [2, 1] });
  });

  it('page through both parts without loss', async () => {
    const token = await launched();
    const seen: number[] = [];
    for (let next: string | undefined = '/Observation?_count=1&_sort=date'; next !== undefined; ) {
      const page: Found = await search(token, next);
      expect(page.total).toBe(3);
      seen.push(...page.numbers);
      next = page.next;
    }
    expect(seen).toEqual([1, 2, 4]);
  });

  it('return different types', async () => {
    const token = await launched('patient/Observation.rs user/Patient.rs');
    expect(await idsOf(token, '/Patient')).toEqual([ANN, BOB, DAN]);
    expect((await search(token, '/Observation')).numbers).toEqual([2, 1]);
    expect((await server.get(token, `/Observation?patient=${BOB}`)).statusCode).toBe(403);
  });
});

describe('Provenance with a token for practices', () => {
  const targetsOf = async (token: string, number: number): Promise<readonly number[]> =>
    (await server.get(token, `/Provenance/${id(number)}`))
      .json()
      .target.map(({ reference }: { reference: string }) => Number(reference.slice('Observation/'.length).slice(0, 8)));

  it('is included with the matches, from the same records', async () => {
    const staff = await of([1]);
    const { numbers, included } = await search(staff, '/Observation?_revinclude=Provenance:target');
    expect({ numbers, included: included.toSorted() }).toEqual({ numbers: [1, 2, 3, 4, 5], included: [30, 31] });
    expect((await search(staff, `/Observation?patient=${BOB}&_revinclude=Provenance:target`)).included).toEqual([31]);
  });

  it('names no other patient than those whose resources are granted', async () => {
    const token = await server.token(ANN, { scope: 'patient/Observation.rs user/Provenance.rs', practices: [1] });
    expect(await search(token, '/Provenance')).toMatchObject({ total: 1, numbers: [30] });
    expect((await server.get(token, `/Provenance/${id(31)}`)).statusCode).toBe(404);
  });

  it('names no other category than the granted one', async () => {
    const staff = await of([1, 2], 'user/Observation.rs?category=laboratory user/Provenance.rs');
    expect((await search(staff, '/Provenance')).numbers.toSorted()).toEqual([30, 32]);
    expect(await targetsOf(staff, 30)).toEqual([1]);
    const more = 'user/Observation.rs?category=laboratory patient/Observation.rs user/Provenance.rs';
    const token = await server.token(ANN, { practices: [1, 2], scope: more });
    expect((await search(token, '/Provenance')).numbers.toSorted()).toEqual([30, 32]);
    expect(await targetsOf(token, 30)).toEqual([1, 2]);
  });
});

describe('several practices', () => {
  it('may share a person: both records are found, and a read returns that of the one in context', async () => {
    const both = await of([1, 2]);
    expect(await search(both, `/Observation?patient=${DAN}`)).toMatchObject({ total: 3, numbers: [8, 5, 5] });
    expect(await idsOf(both, `/Patient?_id=${DAN}`)).toEqual([DAN, DAN]);
    for (const at of [1, 2]) {
      server.disclosures.length = 0;
      const token = await server.token(DAN, { scope: 'user/*.rs', practices: [1, 2], at });
      expect((await server.get(token, `/Patient/${DAN}`)).statusCode).toBe(200);
      const [record] = await server.db.queryText<{ practice_id: number }>(
        'select practice_id from record where record_id = $1',
        [server.disclosures[0]?.recordId],
      );
      expect(record?.practice_id).toBe(at);
    }
  });

  it.each(['date', '-date', '_lastUpdated'])('page by %s without loss, though two rows have one id', async (sort) => {
    const both = await of([1, 2]);
    for (const count of [1, 2, 3]) {
      const seen: number[] = [];
      const first = `/Observation?_count=${count}&_sort=${sort}&_total=accurate`;
      for (let next: string | undefined = first; next !== undefined; ) {
        const page: Found = await search(both, next);
        expect(page.total).toBe(8);
        seen.push(...page.numbers);
        next = page.next;
      }
      expect(seen.toSorted()).toEqual([1, 2, 3, 4, 5, 5, 8, 9]);
    }
  });

  describe('changes since a time', () => {
    /**
     * Gives each Observation its own last-updated time, the latest to the lowest number. The two with the same id share
     * one.
     */
    const changed = async () => {
      await server.db.queryText(
        `update resource set last_updated = ('2026-11-01'::timestamp - left(id::text, 8)::int * interval '1 hour') at time zone 'UTC'
         where type = 'Observation'`,
        [],
      );
    };
    const ORDER = [1, 2, 3, 4, 5, 5, 8, 9];
    const since = '_lastUpdated=ge2026-10-01';

    it.each([
      ['the patient itself, the latest first', since, ORDER],
      ['the latest first', `${since}&_sort=-_lastUpdated`, ORDER],
      ['the earliest first', `${since}&_sort=_lastUpdated`, ORDER.toReversed()],
      ['of a category', `${since}&category=laboratory`, [1, 3, 5, 5, 8, 9]],
    ])(
      'are sorted %s, without loss, and without a total until all are on a page',
      async (_order, parameters, numbers) => {
        await changed();
        const both = await of([1, 2]);
        for (const count of [1, 2, 3, 5]) {
          const seen: number[] = [];
          let page = await search(both, `/Observation?${parameters}&_count=${count}`);
          for (seen.push(...page.numbers); page.next !== undefined; seen.push(...page.numbers)) {
            expect(page.total).toBeUndefined();
            page = await search(both, page.next);
          }
          expect(seen).toEqual(numbers);
        }
        expect(await search(both, `/Observation?${parameters}`)).toMatchObject({ total: numbers.length, numbers });
        expect((await search(both, `/Observation?${parameters}&_count=2&_total=accurate`)).total).toBe(numbers.length);
        expect((await search(both, `/Observation?${parameters}&_count=2&_total=none`)).total).toBeUndefined();
        expect((await search(both, `/Observation?${parameters}&_count=0`)).total).toBe(numbers.length);
      },
    );

    it.each([
      ['eq', '2026-10-31T22:00:00.000Z', [2]],
      ['ge', '2026-10-31T22:00:00.000Z', [1, 2]],
      ['gt', '2026-10-31T22:00:00.000Z', [1]],
      ['sa', '2026-10-31T22:00:00.000Z', [1]],
      ['gt', '2026-10-31T21:59:59.999Z', [1, 2]],
      ['lt', '2026-10-31T16:00:00.001Z', [8, 9]],
      ['le', '2026-10-31T16:00:00.000Z', [8, 9]],
      ['lt', '2026-10-31T16:00:00.000Z', [9]],
      ['eb', '2026-10-31T16:00:00.000Z', [9]],
    ])('are compared to the millisecond: %s%s (FHIR R4 search §3.1.1.4.5)', async (prefix, instant, numbers) => {
      await changed();
      const found = await search(await of([1, 2]), `/Observation?_lastUpdated=${prefix}${instant}&_sort=-_lastUpdated`);
      expect(found.numbers).toEqual(numbers);
    });

    it('include only the practices and active records, page by page', async () => {
      await changed();
      expect((await search(await of([1]), `/Observation?${since}`)).numbers).toEqual([1, 2, 3, 4, 5]);
      expect((await search(await of([2]), `/Observation?${since}`)).numbers).toEqual([5, 8, 9]);
      expect((await search(await of([1]), `/Observation?${since}&patient=${BOB}`)).numbers).toEqual([4, 3]);
    });
  });

  it('can’t be reached by a cursor', async () => {
    const [here, both] = [await of([2]), await of([1, 2])];
    for (const practice of [1, 2 ** 52]) {
      const forged = (by: string) =>
        server.forgeCursor(by, 'Observation', ['-main', 'infinity', id(99), 8, 'infinity', practice]);
      expect((await search(here, `/Observation?_cursor=${forged(here)}`)).numbers).toEqual([9, 5, 8]);
      expect((await search(both, `/Observation?_cursor=${forged(both)}`)).total).toBe(8);
    }
  });
});

describe('DSTU2', () => {
  it('returns the same records, without what it must hide', async () => {
    const mine = await startFhir({ version: dstu2, projections });
    try {
      const request = (number: number, subject: string, intent: string): Resource => ({
        resourceType: 'MedicationRequest',
        id: id(number),
        status: 'active',
        intent,
        subject: { reference: `Patient/${subject}` },
        medicationCodeableConcept: { text: 'x' },
      });
      await mine.load([
        ...[ANN, BOB].map((one) => patient(one, 'x')),
        request(1, ANN, 'order'),
        request(2, BOB, 'order'),
        request(3, BOB, 'proposal'),
      ]);
      await mine.load([patient(CAT, 'c'), request(4, CAT, 'order')], { practiceId: 2 });
      for (const scope of ['user/*.read', 'user/MedicationOrder.read', 'system/MedicationRequest.rs']) {
        const staff = await mine.token(ANN, { scope, practices: [1], record: false });
        const all = (await mine.get(staff, '/MedicationOrder')).json();
        expect({ total: all.total, entry: all.entry.length }).toEqual({ total: 2, entry: 2 });
        const first = (await mine.get(staff, '/MedicationOrder?_count=1')).json();
        expect({ total: first.total, entry: first.entry.length }).toEqual({ total: undefined, entry: 1 });
        const counted = (await mine.get(staff, '/MedicationOrder?_count=1&_total=accurate')).json();
        expect({ total: counted.total, entry: counted.entry.length }).toEqual({ total: 2, entry: 1 });
        expect((await mine.get(staff, `/MedicationOrder?patient=${BOB}`)).json().total).toBe(1);
        for (const hidden of [3, 4])
          expect((await mine.get(staff, `/MedicationOrder/${id(hidden)}`)).statusCode).toBe(404);
      }
    } finally {
      await mine.close();
    }
  });
});

describe('the Bundle of Patients', () => {
  it('has the patient’s id if there is one patient to find', async () => {
    const bundleId = async (token: string) => (await server.get(token, '/Patient')).json().id;
    expect(await bundleId(await server.token(ANN, { practices: [1] }))).toBe(ANN);
    expect(await bundleId(await of([1]))).toBeUndefined();
    expect(
      await bundleId(await server.token(ANN, { scope: 'patient/*.rs user/*.rs', practices: [1] })),
    ).toBeUndefined();
    const mixed = 'patient/Patient.rs user/Patient.rs?gender=male';
    expect(await bundleId(await server.token(ANN, { scope: mixed, practices: [1] }))).toBeUndefined();
  });
});

describe('the audit log of disclosures', () => {
  const recordOf = async (patientId: string) =>
    (
      await server.db.queryText<{ record_id: number }>(
        'select record_id from record where patient_id = $1 and practice_id = 1',
        [patientId],
      )
    )[0]?.record_id;
  const recorded = async (token: string, path: string) => {
    server.disclosures.length = 0;
    await server.get(token, path);
    return server.disclosures.flatMap(({ recordId, records, resources }) =>
      records === undefined ? [[recordId, resources]] : [...records],
    );
  };

  it('has one event for all patients whose data was sent, with the number of resources of each', async () => {
    const staff = await of([1]);
    const [ann, bob, dan] = [await recordOf(ANN), await recordOf(BOB), await recordOf(DAN)];
    expect(await recorded(staff, '/Observation')).toEqual([
      [ann, 2],
      [bob, 2],
      [dan, 1],
    ]);
    expect(server.disclosures).toMatchObject([{ recordId: undefined, resources: 5, practiceId: 1 }]);
    expect(await recorded(staff, '/Observation?_revinclude=Provenance:target&_count=3')).toEqual([
      [ann, 3],
      [bob, 1],
    ]);
    expect(await recorded(staff, `/Observation/${id(3)}`)).toEqual([[bob, 1]]);
    const { url } = (await server.get(staff, `/DocumentReference/${id(21)}`)).json().content[0].attachment;
    expect(await recorded(staff, url)).toEqual([[bob, 1]]);
  });

  it('has one event if no patient’s data was sent', async () => {
    const staff = await of([1]);
    expect(await recorded(staff, '/Practitioner')).toEqual([[undefined, 1]]);
    expect(await recorded(staff, `/Observation?patient=${CAT}`)).toEqual([[undefined, 0]]);
    expect(await recorded(staff, `/Observation/${id(9)}`)).toEqual([[undefined, 0]]);
    const launched = await server.token(ANN, { scope: 'user/*.rs', practices: [1] });
    expect(await recorded(launched, '/Practitioner')).toEqual([[await recordOf(ANN), 1]]);
  });

  it('prevents the disclosure if one of the events can’t be recorded', async () => {
    const mine = await startFhir();
    try {
      await mine.load([patient(ANN, 'a'), observation(1, ANN, 'laboratory')]);
      const staff = await mine.token(ANN, { scope: 'user/*.rs', practices: [1], record: false });
      mine.breakAuditLog(1);
      const answer = await mine.get(staff, `/Patient/${ANN}/$everything`);
      expect(answer.statusCode).toBe(500);
      expect(answer.body).not.toContain('Patient');
      expect(mine.disclosures).toHaveLength(1);
    } finally {
      await mine.close();
    }
  });
});
