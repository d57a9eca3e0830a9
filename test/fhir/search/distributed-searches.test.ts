// Requests of whole practices on a database that Citus distributes. Their statements are built from conditions.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, projections, r4 } from '../../../src/fhir/index.ts';
import { derivedUuid } from '../../../src/kernel/index.ts';
import { CLUSTER, HAS_NO_CLUSTER, withCluster } from '../../support/database/cluster.ts';
import { findViolations, isBounded } from '../../support/database/distributed-rules.ts';
import { emptyDatabase } from '../../support/database/empty-database.ts';
import { recordTexts } from '../../support/database/recorded-statements.ts';
import { patient } from '../../support/fhir/charts.ts';
import { feedToken, makeBundle, putEntry, sendBundle } from '../../support/fhir/feed.ts';
import { type FhirServer, type FhirServerOptions, startFhir } from '../../support/fhir/fhir-server.ts';
import { observationAbout } from '../../support/fhir/merging.ts';

const uuid = (kind: number, number: number) => `${kind}${String(number).padStart(7, '0')}-0000-4000-8000-000000000000`;
const person = (number: number) => uuid(1, number);
const [ANN, BOB] = [person(0), person(1)];
const PEOPLE = Array.from({ length: 30 }, (_, number) => person(number));
const DOCTOR = uuid(3, 1);
const AT_OTHER_PRACTICE = uuid(2, 90_000);
const [CHANGED, DELETED, NOTE] = [uuid(2, 12000), uuid(7, 1), uuid(8, 1)];
const NOTE_TEXT = 'A note';
const DOCUMENT = derivedUuid('document', NOTE, 'text/plain', createHash('sha256').update(NOTE_TEXT).digest('hex'));
const coded = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });

const category = (code: string) => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }],
});
/** Number of Observations of a patient. */
const observationsOf = (number: number) => (number === 12 ? 150 : number % 4);

/** Resources of one practice. The patients have different numbers of Observations, one of them very many. */
const RESOURCES = [
  { resourceType: 'Practitioner', id: DOCTOR, name: [{ family: 'Kelly' }] },
  ...PEOPLE.map((one, number) => ({
    ...patient(one, number % 2 === 0 ? 'Ann' : 'Bob'),
    identifier: [{ value: `MRN-${number}` }],
  })),
  ...PEOPLE.flatMap((one, number) =>
    Array.from({ length: observationsOf(number) }, (_, at) => ({
      ...observationAbout(1, one),
      id: uuid(2, 1000 * number + at),
      effectiveDateTime: `2024-0${1 + (at % 9)}-0${1 + (number % 9)}`,
      code: coded(number >= 22 ? 'late' : number % 5 === 0 ? 'often' : 'seldom'),
      category: [category(at % 2 === 0 ? 'laboratory' : 'vital-signs')],
      performer: [{ reference: `Practitioner/${DOCTOR}` }],
      ...(at === 0
        ? { component: [{ code: coded('8480-6'), valueQuantity: { value: 100 + number, unit: 'mm' } }] }
        : {}),
    })),
  ),
  // One Provenance of a patient has a result and a vital sign as targets, and the other one only the vital sign.
  ...PEOPLE.flatMap((_one, number) =>
    (observationsOf(number) < 2 ? [] : [[0, 1], [1]]).map((targets, at) => ({
      resourceType: 'Provenance',
      id: uuid(6, 100 + 2 * number + at),
      target: targets.map((target) => ({ reference: `Observation/${uuid(2, 1000 * number + target)}` })),
      recorded: '2024-05-01T09:00:00Z',
      agent: [{ who: { reference: `Practitioner/${DOCTOR}` } }],
    })),
  ),
  ...PEOPLE.slice(20).flatMap((one, number) => [
    {
      resourceType: 'CarePlan',
      id: uuid(4, number),
      status: 'active',
      intent: 'plan',
      subject: { reference: `Patient/${one}` },
    },
    { resourceType: 'CareTeam', id: uuid(5, number), status: 'active', subject: { reference: `Patient/${one}` } },
    {
      resourceType: 'Provenance',
      id: uuid(6, number),
      target: [{ reference: `Patient/${one}` }],
      recorded: '2024-05-01T09:00:00Z',
      agent: [{ who: { reference: `Practitioner/${DOCTOR}` } }],
    },
  ]),
];

/** Resources that are stored later, so that one has two versions. */
const LATER = [
  ...RESOURCES.filter(({ id }) => id === CHANGED).map((one) => ({ ...one, status: 'amended' })),
  {
    resourceType: 'DocumentReference',
    id: NOTE,
    status: 'current',
    subject: { reference: `Patient/${ANN}` },
    content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(NOTE_TEXT).toString('base64') } }],
  },
];

const REQUESTS = [
  '/Patient?_count=7',
  '/Patient?_count=4&page=3',
  '/Patient?identifier=MRN-17',
  '/Patient?name=bob&_count=5',
  `/Patient?_id=${ANN},${BOB}`,
  '/Patient?_summary=count',
  '/Patient?_total=accurate&_count=9',
  '/Patient?_has:Observation:patient:code=often&_count=3',
  '/Patient?_has:Observation:patient:code=late&_count=2',
  '/Patient?_has:Observation:subject:performer:Practitioner.name=kelly&_count=6',
  '/Patient?_has:Observation:patient:code=often&_summary=count',
  '/Patient?_revinclude=Observation:subject&_count=3',
  '/Observation?_count=20',
  '/Observation?_count=100',
  '/Observation?code=often&_count=9',
  '/Observation?code=never',
  '/Observation?code=late&_count=4',
  '/Observation?date=lt1990',
  '/Observation?date=ge2024-08-01&_count=6',
  '/Observation?combo-code-value-quantity=8480-6$gt110&_count=6',
  '/Observation?patient.identifier=MRN-12&_count=70',
  '/Observation?patient.name=ann&_count=50',
  '/Observation?patient.name=ann&_summary=count',
  '/Observation?performer:Practitioner.name=kelly&_count=90',
  '/Observation?_sort=-date&_count=50',
  '/Observation?_sort=_lastUpdated&_count=80',
  '/Observation?_lastUpdated=ge2000-01-01&_count=80',
  '/Observation?_lastUpdated=ge2000-01-01&code=often&_count=9',
  '/Observation?_lastUpdated=ge2000-01-01&code=never',
  '/Observation?_lastUpdated=ge2000-01-01&_sort=_lastUpdated&_count=31',
  '/Observation?_lastUpdated=ge2000-01-01&patient.name=ann&_count=50',
  '/Observation?_lastUpdated=ge2000-01-01&performer:Practitioner.name=kelly&_count=90',
  '/Patient?_lastUpdated=ge2000-01-01&_has:Observation:patient:code=often&_count=4',
  '/Patient?_lastUpdated=ge2000-01-01&_has:Observation:patient:code=late&_total=accurate&_count=2',
  '/Patient?_lastUpdated=ge2000-01-01&_has:Observation:subject:performer:Practitioner.name=kelly&_count=6',
  '/Practitioner?_lastUpdated=ge2000-01-01&_has:Observation:performer:code=late',
  '/Observation?_lastUpdated=ge2000-01-01&_count=10&page=3',
  `/Observation?patient=${person(12)}&_count=40`,
  `/Observation?patient=${person(12)},${person(3)}&_count=60`,
  `/Observation?patient=${person(12)},${person(3)}&_sort=date&_count=60`,
  `/Observation?_id=${uuid(2, 12000)},${uuid(2, 12001)}`,
  '/Observation?_include=Observation:patient&_count=30',
  '/Observation?_include=Observation:performer&_count=30',
  '/CarePlan?_count=4',
  '/CarePlan?_sort=date&_count=6',
  '/CarePlan?_lastUpdated=ge2000-01-01&_count=6',
  '/CarePlan?_lastUpdated=ge2000-01-01&patient.name=ann&_count=3',
  '/CarePlan?_summary=count',
  '/Practitioner?_revinclude=Observation:performer&_count=1',
  '/Provenance?_count=6',
  `/Observation/${CHANGED}`,
  `/Observation/${CHANGED}/_history`,
  `/Observation/${CHANGED}/_history?_count=1`,
  `/Observation/${CHANGED}/_history/1`,
  `/Patient/${BOB}/_history`,
  `/Observation/${AT_OTHER_PRACTICE}/_history`,
  `/Condition/${DELETED}`,
  `/Condition/${DELETED}/_history`,
  `/Practitioner/${DOCTOR}/_history`,
  '/DocumentReference?_count=1',
  `/DocumentReference?patient=${ANN}`,
  `/DocumentReference/$docref?patient=${ANN}`,
  `/Binary/${DOCUMENT}`,
  `/Binary/${uuid(9, 9)}`,
  `/Patient/${person(12)}/$everything?_count=60`,
  `/Patient/${uuid(9, 9)}/$everything`,
  // The patient of two practices.
  `/Patient/${BOB}/$everything`,
  `/Patient/${BOB}/$everything?_count=2`,
  '/Patient/$summary?identifier=MRN-1',
  '/Patient/$summary?identifier=none',
] as const;

/** A scope that shows some Observations, and so only some targets of a Provenance. */
const GRANULAR = 'system/Observation.rs?category=laboratory system/Patient.rs system/Provenance.rs';
const SHOWN_IN_PART = Array.from({ length: 30 }, (_, number) => number).filter((number) => observationsOf(number) > 1);
const GRANULAR_REQUESTS = [
  '/Provenance?_count=6',
  '/Provenance?_count=100',
  '/Provenance?_lastUpdated=ge2000-01-01&_count=9',
  '/Provenance?_lastUpdated=ge2000-01-01&target:missing=false',
  '/Provenance?_sort=_lastUpdated&_count=9',
  '/Provenance?_summary=count',
  `/Provenance?target=${[2, 3].map((number) => `Observation/${uuid(2, 1000 * number)}`).join()}`,
  `/Provenance?target=Observation/${uuid(2, 2001)}`,
  '/Provenance?target=Observation/not-plain%7C1',
  `/Provenance?patient=${person(2)},${person(3)}`,
  `/Provenance?_id=${uuid(6, 104)},${uuid(6, 105)},${uuid(6, 106)}`,
  '/Observation?_revinclude=Provenance:target&_count=6',
  '/Observation?_lastUpdated=ge2000-01-01&_revinclude=Provenance:target&_count=20',
  `/Observation?patient=${person(2)},${person(3)}&_revinclude=Provenance:target`,
  '/Patient?_revinclude=Provenance:target&_count=6',
  `/Provenance/${uuid(6, 104)}/_history`,
  `/Patient/${person(2)}/$everything`,
  `/Patient/${BOB}/$everything?_count=2`,
] as const;

/** Links of the previous release, by the main date: the date and id of the last match, the total, and a time. */
const EARLIER_LINKS = [
  {
    path: '/Observation?_count=40',
    cursor: ['-main', '2024-05-05 00:00:00+00', uuid(2, 13000), undefined, 'infinity', 1],
  },
  {
    path: '/Observation?code=seldom&_count=9',
    cursor: ['-main', '2024-03-01 00:00:00+00', uuid(2, 1), 90, '2026-01-01 00:00:00+00'],
  },
] as const;

/** Starts a server with the same resources at two practices, and returns its pages of a search. */
async function startServer(options: FhirServerOptions) {
  const server = await startFhir(options);
  await server.load(RESOURCES);
  await server.load(LATER);
  await server.load([patient(BOB, 'Bob'), { ...observationAbout(1, BOB), id: AT_OTHER_PRACTICE }], { practiceId: 2 });
  // Only the R4 API has feeds and versions.
  if (options.version === r4) {
    const condition = { resourceType: 'Condition', id: DELETED, subject: { reference: `Patient/${ANN}` } };
    const feed = await feedToken(server);
    for (const entry of [putEntry(condition), { request: { method: 'DELETE', url: `Condition/${DELETED}` } }])
      expect((await sendBundle(server, feed, makeBundle('transaction', entry))).statusCode).toBe(200);
  }
  const reader = { backend: 'reader', scope: 'system/*.rs' };
  const tokensOf = async (scope: string) => [
    await server.token('', { ...reader, scope, practices: [1] }),
    await server.token('', { ...reader, scope, practices: [1, 2] }),
  ];
  const [tokens, granular] = [await tokensOf(reader.scope), await tokensOf(GRANULAR)];
  return {
    server,
    pagesOf: async (path: string) => Promise.all(tokens.map((token) => readPages(server, token, path))),
    granularPagesOf: async (path: string) => Promise.all(granular.map((token) => readPages(server, token, path))),
    /** Returns the pages after a link of the previous release. @param parts the cursor of the link */
    pagesAfter: async (path: string, parts: readonly unknown[]) =>
      Promise.all(
        tokens.map((token) =>
          readPages(server, token, `${path}&_cursor=${server.forgeCursor(token, path.slice(1), parts)}`),
        ),
      ),
  };
}

interface Entry {
  readonly resource: {
    readonly resourceType: string;
    readonly id: string;
    readonly target?: readonly { readonly reference: string }[];
  };
  readonly search?: { readonly mode: string };
}

/** Resources that each summary has with new ids. */
const MADE_FOR_A_SUMMARY: ReadonlySet<string> = new Set(['Composition', 'Device']);

async function readPages(server: FhirServer, token: string, path: string) {
  const pages: { readonly status: number; readonly total: unknown; readonly entries: readonly Entry[] }[] = [];
  for (let next: string | undefined = path; next !== undefined && pages.length < 50; ) {
    const response = await server.get(token, next, { accept: 'application/fhir+json' });
    const { total, entry = [], link = [] } = response.json();
    pages.push({
      status: response.statusCode,
      total,
      entries: entry
        .filter(({ resource }: Partial<Entry>) => !MADE_FOR_A_SUMMARY.has(resource?.resourceType ?? ''))
        .map(({ resource, search }: Entry) => ({ resource, search })),
    });
    next = link.find(({ relation }: { relation: string }) => relation === 'next')?.url;
  }
  return pages;
}

const VERSIONS = [
  { name: 'R4', version: r4 },
  { name: 'DSTU2', version: dstu2 },
] as const;

describe.each(VERSIONS)('requests of whole practices: $name', ({ version }) => {
  const texts = new Set<string>();
  let plain: Awaited<ReturnType<typeof startServer>>;
  let distributed: Awaited<ReturnType<typeof startServer>> | undefined;
  beforeAll(async () => {
    plain = await startServer({ version, projections, wrapDatabase: (db) => recordTexts(db, texts) });
    if (!HAS_NO_CLUSTER)
      distributed = await startServer({ version, projections, createDatabase: () => emptyDatabase(CLUSTER ?? '') });
  }, 60_000);
  afterAll(async () => {
    await plain.server.close();
    await distributed?.server.close();
  });

  it('have only statements that a distributed database can run, within bounds', async () => {
    for (const path of REQUESTS)
      for (const [{ status } = {}] of await plain.pagesOf(path)) expect(status, path).toBeLessThan(500);
    for (const path of GRANULAR_REQUESTS)
      for (const [{ status } = {}] of await plain.granularPagesOf(path)) expect(status, path).toBeLessThan(500);
    for (const { path, cursor } of EARLIER_LINKS)
      for (const [{ status } = {}] of await plain.pagesAfter(path, cursor)) expect(status, path).toBe(200);
    expect(texts.size).toBeGreaterThan(30);
    for (const text of texts) {
      expect(findViolations(text), text).toEqual([]);
      expect(isBounded(text), text).toBe(true);
    }
  });

  it.each([7, 60, 1000])('have the resources in the order of patients and ids, %i on a page', async (count) => {
    const [ofOne = [], ofBoth = []] = await plain.pagesOf(`/Observation?_count=${count}`);
    const idsOf = (pages: typeof ofOne) => pages.flatMap(({ entries }) => entries.map(({ resource }) => resource.id));
    const [first = '', ...others] = RESOURCES.flatMap(({ resourceType, id }) =>
      resourceType === 'Observation' ? [id] : [],
    );
    expect(idsOf(ofOne)).toEqual([first, ...others]);
    // The first one is of the patient who is at both practices.
    expect(idsOf(ofBoth)).toEqual([first, AT_OTHER_PRACTICE, ...others]);
  });

  it.skipIf(HAS_NO_CLUSTER).each(REQUESTS)(
    withCluster('%s has the same pages on a cluster as on one PostgreSQL'),
    async (path) => {
      const pages = await distributed?.pagesOf(path);
      expect(pages).toEqual(await plain.pagesOf(path));
      expect(pages?.[0]?.[0]?.status).toBeLessThan(500);
    },
  );

  it.skipIf(HAS_NO_CLUSTER).each(GRANULAR_REQUESTS)(
    withCluster('%s has the same pages on a cluster with a granular scope'),
    async (path) => {
      const pages = await distributed?.granularPagesOf(path);
      expect(pages).toEqual(await plain.granularPagesOf(path));
      expect(pages?.[0]?.[0]?.status).toBeLessThan(500);
    },
  );

  it('show with a granular scope only the visible targets of a Provenance', async () => {
    const [pages = []] = await plain.granularPagesOf('/Provenance?_lastUpdated=ge2000-01-01&_count=9');
    const targets = pages
      .flatMap(({ entries }) =>
        entries.map(({ resource }) => resource.target?.map(({ reference }) => reference).join()),
      )
      .filter((target) => !target?.startsWith('Patient/'));
    expect(targets.toSorted()).toEqual(SHOWN_IN_PART.map((number) => `Observation/${uuid(2, 1000 * number)}`));
  });

  it.skipIf(HAS_NO_CLUSTER).each(EARLIER_LINKS)(
    withCluster('$path continues a link of the previous release on a cluster as on one PostgreSQL'),
    async ({ path, cursor }) => {
      const pages = await distributed?.pagesAfter(path, cursor);
      expect(pages).toEqual(await plain.pagesAfter(path, cursor));
    },
  );

  it('have earlier versions and documents', async () => {
    const statuses = await Promise.all(
      [`/Condition/${DELETED}`, `/Observation/${CHANGED}/_history/1`, `/Binary/${DOCUMENT}`].map(async (path) =>
        (await plain.pagesOf(path)).map(([page]) => page?.status),
      ),
    );
    const [deleted, past] = version === r4 ? [410, 200] : [404, 404];
    expect(statuses).toEqual([deleted, past, 200].map((status) => [status, status]));
  });
});
