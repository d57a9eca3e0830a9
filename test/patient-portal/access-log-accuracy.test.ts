import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PracticeId } from '../../src/kernel/index.ts';
import { addApp } from '../support/apps/apps.ts';
import { csrfIn, nextLink, tableRows } from '../support/browser/html.ts';
import type { LivePerson } from '../support/people/live-patient.ts';
import {
  authorizationCode,
  connectApp,
  DSTU2,
  encodeForm,
  FORM,
  getFhir,
  OAUTH,
  PatientBrowser,
  R4,
  requestToken,
} from '../support/people/patient.ts';
import { addStaffMember } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { addPatientWithRecord, PATIENT_PLACEHOLDER, signInBrowser, subject } from './patients.ts';

const LIVE = 2 as PracticeId;
const SCOPE = 'launch openid fhirUser patient/*.rs user/*.rs';

let server: TestServer;
let ann: LivePerson;
let bob: LivePerson;
let browser: PatientBrowser;
/** Access tokens of different apps, each with its record in context. */
let readers: readonly { readonly token: string; readonly client: string; readonly inContext: LivePerson | undefined }[];

const observations = Array.from({ length: 4 }, (_, index) => ({
  resourceType: 'Observation',
  id: `value-${index}`,
  status: 'final',
  subject,
  category: [{ coding: [{ code: index < 2 ? 'laboratory' : 'vital-signs' }] }],
  code: { text: `Value ${index}` },
  valueQuantity: { value: index, unit: 'mg' },
}));
const note = {
  resourceType: 'DocumentReference',
  id: 'note',
  status: 'current',
  subject,
  content: [
    { attachment: { contentType: 'text/plain', data: Buffer.from(`about ${PATIENT_PLACEHOLDER}`).toString('base64') } },
  ],
};

beforeAll(async () => {
  server = await startServer();
  ann = await addPatientWithRecord(server, [...observations, note]);
  bob = await addPatientWithRecord(server, [...observations.slice(0, 3), note]);
  browser = await signInBrowser(server, ann);
  const wide = await addApp(server, { name: 'Wide' });
  const narrow = await addApp(server, { name: 'Narrow' });
  const patientReader = async (client: typeof wide, scope: string) => ({
    token: (await connectApp(server.app, client, { scope }, {}, ann)).access_token,
    client: client.client_id,
    inContext: ann,
  });
  readers = [
    await patientReader(wide, 'launch/patient patient/*.rs'),
    await patientReader(narrow, 'launch/patient patient/Patient.rs'),
    await staffReader(),
    await ofBackend(),
  ];
});
afterAll(() => server.close());

/** Adds a staff member who opens an app from Ann's chart. The app may read all patients of the practice. */
async function staffReader() {
  const doctor = await addStaffMember(server, ['live']);
  const app = await addApp(server, { kind: 'staff', launchUri: 'https://app.example/launch', scope: SCOPE });
  const launcher = new PatientBrowser(server.app);
  await launcher.signIn('/sign-in', doctor);
  const page = await launcher.get(`/practice/launch?patient=${ann.key}`);
  const csrf = csrfIn(page);
  const opened = await launcher.post('/practice/launch', { csrf, patient: ann.key, app: app.client_id });
  const launch = new URL(opened.location ?? '').searchParams.get('launch') ?? '';
  const { client_id, redirect_uri } = app;
  const aud = `${server.config.publicUrl}${R4}`;
  const asked = { response_type: 'code', client_id, redirect_uri, scope: SCOPE, aud, launch };
  const done = await launcher.submitConsent(await launcher.authorize(asked, doctor));
  const { access_token: token } = await requestToken(server.app, {
    grant_type: 'authorization_code',
    code: authorizationCode(done),
    ...app,
  });
  return { token, client: app.client_id, inContext: ann };
}

async function ofBackend() {
  const { privateKey, publicKey } = await generateKeyPair('ES384', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES384', use: 'sig' }] };
  const scope = 'system/*.rs';
  const app = await addApp(server, { kind: 'backend', auth: 'private_key_jwt', jwks, practiceIds: [LIVE], scope });
  const { client_id: iss } = app;
  const assertion = await new SignJWT({ iss, sub: iss, aud: `${server.config.publicUrl}${OAUTH}/token`, jti: 'one' })
    .setProtectedHeader({ alg: 'ES384', kid: 'one', typ: 'JWT' })
    .setExpirationTime('4m')
    .sign(privateKey);
  const payload = encodeForm({
    grant_type: 'client_credentials',
    scope,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  });
  const answer = await server.app.inject({ method: 'POST', url: `${OAUTH}/token`, headers: FORM, payload });
  return { token: answer.json().access_token as string, client: app.client_id, inContext: undefined };
}

/** Requests about Ann, Bob, everyone or no one: allowed and denied, with and without results. */
const paths = () =>
  [
    `Patient/${ann.patientId}`,
    `Patient/${bob.patientId}`,
    'Patient',
    'Observation',
    'Observation?_count=2',
    'Observation?_summary=count',
    'Observation?category=laboratory',
    `Observation?patient=${bob.patientId}`,
    `Observation?patient=${ann.patientId}&_count=0`,
    'Observation?no-such-parameter=1',
    'Observation?date=nonsense',
    'Condition',
    'DocumentReference',
    'Practitioner',
    'Nothing',
    `Observation/${crypto.randomUUID()}`,
    `Binary/${crypto.randomUUID()}`,
  ] as const;

interface Event {
  readonly client: string;
  readonly entries: string;
  readonly allowed: boolean;
}
type Events = ReadonlyMap<string, Event>;

/** Number of resources of one person in a response. */
function leftOf(body: unknown, person: LivePerson): number {
  const { entry = [], resourceType } = body as { entry?: { resource: object }[]; resourceType?: string };
  const resources = resourceType === 'Bundle' ? entry.map(({ resource }) => resource) : [body];
  return resources.filter((resource) => JSON.stringify(resource).includes(person.patientId)).length;
}

/**
 * Sends a request with one of the tokens.
 * @returns the event that Ann's access log must have, or undefined if it must have none
 */
async function ask(reader: number, path: number, dstu2: boolean): Promise<[string, Event | undefined]> {
  const found = readers[reader % readers.length];
  if (found === undefined) throw new Error('there are readers');
  const { token, client, inContext } = found;
  const asked = paths()[path % paths().length] ?? 'Patient';
  const answer = await getFhir(server.app, `${dstu2 ? DSTU2 : R4}/${asked}`, token);
  const requestId = String(answer.headers['x-request-id']);
  const body = answer.json();
  const hers = leftOf(body, ann);
  const his = leftOf(body, bob);
  if (answer.statusCode !== 200)
    return [requestId, inContext === ann ? { client, entries: '', allowed: false } : undefined];
  if (hers > 0) return [requestId, { client, entries: String(hers), allowed: true }];
  // A response without patient data is logged for the record in context.
  const elsewhere = his > 0 || inContext !== ann;
  const { entry = [] } = body;
  return [requestId, elsewhere ? undefined : { client, entries: String(entry.length), allowed: true }];
}

async function inTable(): Promise<Events> {
  const file = await browser.get(`/account/${ann.key}/log/csv`);
  const rows = parse(file.body, { bom: true }).slice(1) as string[][];
  return new Map(
    rows
      .filter(([, , , , client]) => client !== '')
      .map(([, , , , client = '', , entries = '', outcome = '', requestId = '']) => [
        requestId,
        { client, entries, allowed: outcome === 'Allowed' },
      ]),
  );
}

/**
 * Reads the events from the FHIR download. In IHE BALP, the description of a search has the number of results, and a
 * read always has one.
 */
async function inBundle(): Promise<Events> {
  const { entry = [] } = JSON.parse((await browser.get(`/account/${ann.key}/log/fhir`)).body);
  const events = entry.flatMap(({ resource }: { resource: Record<string, never> }) => {
    const { agent, entity, outcome } = resource as unknown as {
      agent: { who: { identifier?: { value: string } }; type: { coding: { code: string }[] } }[];
      entity: { what?: { identifier?: { value: string } }; description?: string }[];
      outcome: string;
    };
    const client = agent.find(({ type }) => /^11015[23]$/.test(type.coding[0]?.code ?? ''))?.who.identifier?.value;
    const requestId = entity.at(-1)?.what?.identifier?.value ?? '';
    const count = entity.flatMap(({ description = '' }) => / (\d+) entries/.exec(description)?.[1] ?? [])[0] ?? '1';
    const allowed = outcome === '0';
    return client === undefined ? [] : [[requestId, { client, entries: allowed ? count : '', allowed }] as const];
  });
  return new Map(events);
}

const since = (before: Events, after: Events) =>
  Object.fromEntries([...after].filter(([requestId]) => !before.has(requestId)));

describe('the access log matches what happened', () => {
  it('for every request of patient, staff and backend apps, allowed or denied: page, CSV and AuditEvents have it once', async () => {
    const reader = fc.nat({ max: 3 });
    const path = fc.nat({ max: paths().length - 1 });
    const asks = fc.array(fc.tuple(reader, path, fc.boolean()), { minLength: 15, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(asks, async (sequence) => {
        const [table, bundle] = [await inTable(), await inBundle()];
        const expected = new Map<string, Event>();
        for (const [who, what, dstu2] of sequence) {
          const [requestId, event] = await ask(who, what, dstu2);
          if (event !== undefined) expected.set(requestId, event);
        }
        expect(since(table, await inTable())).toEqual(Object.fromEntries(expected));
        expect(since(bundle, await inBundle())).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 4 },
    );
  }, 90_000);

  it('and the counts of page, CSV, AuditEvents and each app agree', async () => {
    for (const reader of readers.keys()) await ask(reader, 0, false);
    const table = await inTable();
    expect((await inBundle()).size).toBe(table.size);
    let onPages = 0;
    for (const { client } of readers) {
      const own = [...table.values()].filter((event) => event.client === client);
      const file = await browser.get(`/account/${ann.key}/log/csv?${new URLSearchParams({ app: client })}`);
      expect(own.length).toBeGreaterThan(0);
      expect(parse(file.body, { bom: true }).length - 1).toBe(own.length);
      for (let at = `/account/${ann.key}/log?${new URLSearchParams({ app: client })}`; at !== ''; ) {
        const page = await browser.get(at);
        onPages += tableRows(page).length;
        at = nextLink(page) ?? '';
      }
    }
    expect(onPages).toBe(table.size);
  });

  it('and a read without any authorization is in no log, and no log has another record’s reads', async () => {
    const other = await signInBrowser(server, bob);
    const rows = parse((await other.get(`/account/${bob.key}/log/csv`)).body, { bom: true }).slice(1) as string[][];
    const clients = new Set(rows.map(([, , , , client]) => client).filter((client) => client !== ''));
    const ofAnn = readers.filter(({ inContext }, index) => inContext === ann && index < 2).map(({ client }) => client);
    expect(ofAnn.filter((client) => clients.has(client))).toEqual([]);
    const before = rows.length;
    expect((await getFhir(server.app, `${R4}/Patient/${bob.patientId}`, 'not.a.token')).statusCode).toBe(401);
    expect(parse((await other.get(`/account/${bob.key}/log/csv`)).body, { bom: true }).length - 1).toBe(before + 1);
  });
});
