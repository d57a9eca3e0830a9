import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { getMessages } from '../../../src/i18n/index.ts';
import { textInput } from '../../../src/intake/index.ts';
import { CATEGORY_GROUPS } from '../../../src/oauth/consent/category-groups.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { hiddenFields } from '../../support/browser/html.ts';
import { addLivePatient, type LivePerson } from '../../support/people/live-patient.ts';
import {
  authorizationCode,
  DSTU2,
  type Fields,
  getFhir,
  OAUTH,
  PatientBrowser,
  R4,
  requestToken,
} from '../../support/people/patient.ts';
import { SANDBOX_GUARDIAN } from '../../support/people/staff.ts';
import { propertyRuns } from '../../support/runs/slice.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const LABEL = { system: 'urn:x', code: 'ETH' };
const WORDS = {
  label: { en: 'Substance use', es: 'Sustancias' },
  basis: { en: '42 CFR Part 2', es: '42 CFR Parte 2' },
};
const { dataCategories, consent } = getMessages('en');

const OBSERVATIONS = 'http://terminology.hl7.org/CodeSystem/observation-category';
const US_CORE = 'http://hl7.org/fhir/us/core/CodeSystem/us-core-category';
const CONDITIONS = 'http://terminology.hl7.org/CodeSystem/condition-category';
const HEALTH_CONCERN = 'http://hl7.org/fhir/us/core/CodeSystem/condition-category';
interface ChartEntry {
  readonly type: string;
  /** Lines of a receipt that grant access to this entry. One of them is enough. */
  readonly lines: readonly string[];
  readonly id: string;
  readonly labelled: boolean;
}
const PATIENT = '0000000a-0000-4000-8000-0000000000bb';
/** Line of a receipt for a data category. */
const linesOf = (type: keyof typeof dataCategories.types): readonly string[] => [dataCategories.types[type].label];
/** Lines of a receipt for a part of a data category: with the heading of its group if there are other parts. */
const linesOfPart = (label: string): readonly string[] => [
  label,
  ...Object.values(dataCategories.groups).map((heading) => `${heading}: ${label}`),
];
const entries: ChartEntry[] = [{ type: 'Patient', lines: linesOf('Patient'), id: PATIENT, labelled: false }];
const chart: Resource[] = [{ resourceType: 'Patient', id: PATIENT, name: [{ family: 'True', given: ['Tess'] }] }];
const location = { resourceType: 'Location', id: '0000000b-0000-4000-8000-0000000000bb', name: 'Ward' };

function add(
  type: keyof typeof dataCategories.types,
  parts: readonly (readonly [system: string, code: string, label: string])[],
) {
  for (const labelled of [false, true]) {
    const id = `${String(entries.length).padStart(8, '0')}-0000-4000-8000-0000000000bb`;
    const lines = parts.length === 0 ? linesOf(type) : parts.flatMap(([, , label]) => linesOfPart(label));
    entries.push({ type, lines, id, labelled });
    const reference = { reference: `Patient/${PATIENT}` };
    chart.push({
      resourceType: type,
      id,
      status: type === 'DocumentReference' ? 'current' : 'active',
      ...(type === 'MedicationRequest' ? { intent: 'order', medicationCodeableConcept: { text: 'x' } } : {}),
      ...(type === 'AllergyIntolerance' || type === 'Immunization' || type === 'RelatedPerson'
        ? { patient: reference }
        : { subject: reference }),
      ...(parts.length === 0 ? {} : { category: [{ coding: parts.map(([system, code]) => ({ system, code })) }] }),
      ...(labelled ? { meta: { security: [LABEL] } } : {}),
    });
  }
}
const { Observation: results, Condition: problems } = dataCategories.parts;
for (const type of [
  'MedicationRequest',
  'AllergyIntolerance',
  'Immunization',
  'Encounter',
  'DocumentReference',
] as const)
  add(type, []);
add('RelatedPerson', []);
add('Observation', [[OBSERVATIONS, 'laboratory', results.laboratory.label]]);
add('Observation', [[OBSERVATIONS, 'vital-signs', results['vital-signs'].label]]);
add('Observation', [[OBSERVATIONS, 'exam', results['clinical-test'].label]]);
add('Observation', [[OBSERVATIONS, 'activity', results['social-history'].label]]);
add('Observation', [[US_CORE, 'sdoh', results.sdoh.label]]);
add('Observation', [[OBSERVATIONS, 'survey', results.survey.label]]);
add('Observation', [
  [OBSERVATIONS, 'survey', results.survey.label],
  [US_CORE, 'sdoh', results.sdoh.label],
]);
add('Condition', [[CONDITIONS, 'problem-list-item', problems['problem-list-item'].label]]);
add('Condition', [[CONDITIONS, 'encounter-diagnosis', problems['encounter-diagnosis'].label]]);
add('Condition', [[HEALTH_CONCERN, 'health-concern', problems['health-concern'].label]]);

const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-truth-'));
let server: TestServer;
let tess: LivePerson;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  const file = path.join(folder, 'labels.json');
  writeFileSync(file, JSON.stringify([{ ...LABEL, ...WORDS }]));
  server = await startServer({ SENSITIVE_LABELS: file });
  tess = await addLivePatient(server, [
    textInput('chart', [...chart, location].map((one) => JSON.stringify(one)).join('\n')),
  ]);
  app = await addApp(server, { scope: 'openid profile fhirUser launch/patient offline_access patient/*.rs' });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Reads and searches with the token. The DSTU2 API is used if the scope names the type as DSTU2 does. */
async function ask(token: string, type: string, rest: string) {
  const answer = await getFhir(server.app, `${R4}/${type}${rest}`, token);
  if (type !== 'MedicationRequest' || answer.statusCode !== 403) return answer;
  return getFhir(server.app, `${DSTU2}/MedicationOrder${rest}`, token);
}
const read = (token: string, type: string, id: string) => ask(token, type, `/${id}`);
async function found(token: string, type: string): Promise<readonly string[]> {
  const answer = await ask(token, type, '?_count=100');
  if (answer.statusCode === 403) return [];
  const { total, entry = [] } = answer.json() as { total: number; entry?: { resource: { id: string } }[] };
  expect(total).toBe(entry.length);
  return entry.map(({ resource }) => resource.id);
}

async function agree(scope: string | undefined, choice: Fields, of: TestApp & { client_secret: string } = app) {
  const browser = new PatientBrowser(server.app);
  const { client_id, redirect_uri, client_secret } = of;
  const query = { response_type: 'code', client_id, redirect_uri, ...(scope === undefined ? {} : { scope }) };
  const page = await browser.authorize(query, tess);
  const fields = { ...hiddenFields(page.body), decision: 'allow', duration: '', group: GROUPS, ...choice };
  const done = await browser.post(`${OAUTH}/authorize/decision`, fields);
  if (new URL(done.location ?? '').searchParams.has('error')) return undefined;
  const code = authorizationCode(done);
  const token = await requestToken(server.app, {
    grant_type: 'authorization_code',
    code,
    redirect_uri,
    client_id,
    client_secret,
  });
  const [family] = code.split('.');
  const [receipt] = await server.db.queryText<{ content: string }>('select content from receipt where family_id = $1', [
    family,
  ]);
  return { token, page: page.body, receipt: receipt?.content ?? '' };
}
const listed = (receipt: string, title: string): readonly string[] =>
  new RegExp(`^${title}:\\n((?:- .*\\n)+)`, 'm')
    .exec(receipt)?.[1]
    ?.trim()
    .split('\n')
    .map((line) => line.slice(2)) ?? [];

const GROUPS = CATEGORY_GROUPS.map(([name]) => name);
const SCOPES = [
  'patient/*.rs',
  'patient/Patient.rs',
  'patient/Observation.rs',
  'patient/Condition.read',
  `patient/Observation.rs?category=${OBSERVATIONS}|laboratory`,
  `patient/Observation.rs?category=${OBSERVATIONS}|survey`,
  `patient/Condition.rs?category=${CONDITIONS}|encounter-diagnosis`,
  'patient/MedicationOrder.rs',
  'patient/Immunization.rs',
  'patient/RelatedPerson.rs',
  'patient/DocumentReference.rs',
  'patient/Practitioner.rs',
  'openid',
  'fhirUser',
  'profile',
];
const KEYS = [
  ...['MedicationRequest', 'AllergyIntolerance', 'Immunization', 'Encounter', 'DocumentReference', 'RelatedPerson'],
  ...Object.keys(results).map((part) => `Observation:${part}`),
  ...Object.keys(problems).map((part) => `Condition:${part}`),
  `sensitive:${LABEL.system}|${LABEL.code}`,
];

describe('a receipt agrees with what the tokens can read', () => {
  it('each data category that it lists as allowed is readable, and every other read and search is denied', async () => {
    const requested = fc.subarray(SCOPES, { minLength: 1 });
    const checked = fc.subarray(KEYS);
    const on = fc.oneof(fc.constant(GROUPS), fc.subarray(GROUPS));
    await fc.assert(
      fc.asyncProperty(requested, checked, on, async (scopes, allow, group) => {
        const agreed = await agree(scopes.join(' '), { allow, group });
        if (agreed === undefined) return;
        const { token, receipt } = agreed;
        const allowed = listed(receipt, consent.receipt.allowed);
        const left = listed(receipt, consent.receipt.leftOut);
        expect(allowed.filter((line) => left.includes(line))).toEqual([]);
        const labelled = receipt.includes('Substance use (42 CFR Part 2): allowed');
        const details = receipt.includes(consent.items.identity.details(undefined));
        const byType = new Map<string, readonly string[]>();
        for (const one of entries) {
          const isAllowed = one.lines.some((line) => allowed.includes(line)) && (labelled || !one.labelled);
          const { statusCode } = await read(token.access_token, one.type, one.id);
          const isRead = isAllowed || (one.type === 'Patient' && details);
          expect({ lines: one.lines, labelled: one.labelled, isRead: statusCode === 200 }, receipt).toEqual({
            lines: one.lines,
            labelled: one.labelled,
            isRead,
          });
          const all = byType.get(one.type) ?? (await found(token.access_token, one.type));
          byType.set(one.type, all);
          expect({ lines: one.lines, isAllowed: all.includes(one.id) }, receipt).toEqual({
            lines: one.lines,
            isAllowed,
          });
        }
        const userinfo = await server.app.inject({
          url: `${OAUTH}/userinfo`,
          headers: { authorization: `Bearer ${token.access_token}` },
        });
        const mentionsName =
          details ||
          linesOf('Patient').some((line) => allowed.includes(line)) ||
          receipt.includes('It learns your name.');
        if (userinfo.statusCode === 200 && userinfo.json().name !== undefined) expect(mentionsName).toBe(true);
      }),
      { numRuns: propertyRuns(75), seed: 20_261_126 },
    );
  }, 120_000);

  it('SMART App Launch 2.2 §3.0.2.3: page and receipt say what the app learns about the person beside the items', async () => {
    const details = consent.items.identity.details(undefined);
    const of = async (scope: string) => {
      const agreed = await agree(scope, { allow: ['Immunization'] });
      expect(agreed?.page.includes(details)).toBe(agreed?.receipt.includes(details));
      return agreed?.receipt ?? '';
    };
    expect(await of('openid fhirUser patient/Immunization.rs')).toContain(details);
    expect(await of('openid profile patient/Immunization.rs')).toContain(consent.items.identity.name(undefined));
    expect(await of('openid fhirUser patient/Patient.rs patient/Immunization.rs')).not.toContain('It learns');
    expect(await of('openid patient/Immunization.rs')).not.toContain('It learns');
  });

  it('says that a representative’s identity is shared, even if family and caregivers were declined', async () => {
    const browser = new PatientBrowser(server.app);
    const { client_id, redirect_uri } = app;
    const first = await browser.authorize({ response_type: 'code', client_id, redirect_uri }, SANDBOX_GUARDIAN);
    const page = await browser.chooseRecord(first, 'Milo');
    const isAllowed = consent.items.identity.details('Milo Rowan Meadowlark');
    expect(page.body).toContain(isAllowed);
    const done = await browser.submitConsent(page, { allow: ['Immunization'] });
    const token = await requestToken(server.app, {
      grant_type: 'authorization_code',
      code: authorizationCode(done),
      ...app,
    });
    const [, claims = ''] = (token.id_token ?? '').split('.');
    const { fhirUser } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    expect(fhirUser).toContain('/RelatedPerson/');
    expect((await read(token.access_token, 'RelatedPerson', fhirUser.split('/').at(-1))).statusCode).toBe(200);
    const [receipt] = await server.db.queryText<{ content: string }>(
      'select content from receipt order by at desc limit 1',
      [],
    );
    expect(receipt?.content).toContain(isAllowed);
  });

  it('states the duration: apps of the guide, which send no scope, retain access even if offline access was unchecked', async () => {
    const guide = await addApp(server, { scope: 'offline_access patient/*.rs' });
    const without = await addApp(server, { scope: 'patient/*.rs' });
    const days = (seconds: number | undefined) => (seconds === undefined ? undefined : Math.round(seconds / 86_400));
    const of = async (client: typeof app, scope: string | undefined, offline: Fields) => {
      const agreed = await agree(scope, { allow: ['Immunization'], ...offline }, client);
      const { refresh_expires_in } = (agreed?.token ?? {}) as { refresh_expires_in?: number };
      const [, duration] = /^Keeps access when you are away: (.*)$/m.exec(agreed?.receipt ?? '') ?? [];
      return { days: days(refresh_expires_in), duration, page: agreed?.page ?? '' };
    };
    const yes = (within: number) => `yes, as long as it reconnects at least every ${within} days`;
    expect(await of(guide, undefined, { offline: 'yes' })).toMatchObject({ days: 93, duration: yes(93) });
    const unchecked = await of(guide, undefined, {});
    expect(unchecked).toMatchObject({ days: 2, duration: yes(2) });
    expect(unchecked.page).toContain(
      'If this is off, it can still do so, but only if it reconnects at least every 2 days.',
    );
    const withoutBox = await of(without, undefined, {});
    expect(withoutBox).toMatchObject({ days: 2, duration: yes(2) });
    expect(withoutBox.page).toContain(
      'It can get new data without you, as long as it reconnects at least every 2 days',
    );
    const named = await of(guide, 'offline_access patient/Immunization.rs', {});
    expect(named).toMatchObject({ days: undefined, duration: 'no' });
    expect(named.page).not.toContain('it can still do so');
    expect(await of(guide, 'patient/Immunization.rs', {})).toMatchObject({ days: 2, duration: yes(2) });
  });

  it('says that an entry of several categories needs only one of them', async () => {
    const agreed = await agree('patient/Observation.rs', { allow: ['Observation:survey'] });
    expect(agreed?.receipt).toContain(consent.items.several);
  });
});
