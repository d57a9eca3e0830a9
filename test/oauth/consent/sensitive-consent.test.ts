import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config/index.ts';
import type { Resource } from '../../../src/fhir/index.ts';
import { textInput } from '../../../src/intake/index.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { choicesOf, hasElement, hiddenFields, textOf, textsOf } from '../../support/browser/html.ts';
import { addLivePatient, type LivePerson } from '../../support/people/live-patient.ts';
import {
  authorizationCode,
  connectApp,
  DSTU2,
  type Fields,
  getFhir,
  OAUTH,
  PatientBrowser,
  R4,
  requestToken,
  SANDBOX_PATIENT,
  type TokenAnswer,
} from '../../support/people/patient.ts';
import { addStaffMember } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const ACT = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const LABELS = [
  {
    system: ACT,
    code: 'ETH',
    label: { en: 'Treatment of substance use', es: 'Tratamiento por consumo de sustancias' },
    basis: { en: '42 CFR Part 2', es: '42 CFR Parte 2' },
  },
  {
    system: ACT,
    code: 'PSY',
    label: { en: 'Mental health', es: 'Salud mental' },
    basis: { en: 'the law of this state', es: 'la ley de este estado' },
  },
];
const [SUBSTANCE = '', MIND = ''] = LABELS.map(({ system, code }) => `sensitive:${system}|${code}`);

const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-0000000000aa`;
const CODES: Readonly<Record<number, readonly string[]>> = { 1: [], 2: ['ETH'], 3: ['PSY'], 4: ['ETH', 'PSY'] };
const CHART: readonly Resource[] = [
  { resourceType: 'Patient', id: 'p', name: [{ family: 'Live', given: ['Lou'] }] },
  ...Object.entries(CODES).map(([number, codes]) => ({
    resourceType: 'Observation',
    id: id(Number(number)),
    status: 'final',
    subject: { reference: 'Patient/p' },
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: '1-8' }] },
    ...(codes.length === 0 ? {} : { meta: { security: codes.map((code) => ({ system: ACT, code })) } }),
  })),
];

const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-labels-'));
const file = path.join(folder, 'labels.json');
let server: TestServer;
let lou: LivePerson;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  writeFileSync(file, JSON.stringify(LABELS));
  server = await startServer({ SENSITIVE_LABELS: file });
  lou = await addLivePatient(server, [textInput('chart', CHART.map((one) => JSON.stringify(one)).join('\n'))]);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const pageOf = async (of: TestApp, query: Fields = {}, browser = new PatientBrowser(server.app)) => {
  const { client_id, redirect_uri } = of;
  return browser.authorize({ response_type: 'code', client_id, redirect_uri, ...query }, lou);
};
const lines = (html: string) =>
  choicesOf(html, 'allow')
    .filter(({ value }) => value.startsWith('sensitive:'))
    .map(({ value, checked }) => ({ key: value, ticked: checked }));
const connectWith = (allow: readonly string[], changes: Fields = {}, query: Fields = {}) =>
  connectApp(server.app, app, query, { allow: ['Observation:laboratory', ...allow], ...changes }, lou);
/** Numbers of the entries that a token can read, for each API, by search and by read. */
async function seen(
  { access_token }: Pick<TokenAnswer, 'access_token'>,
  base = R4,
  at = server.app,
): Promise<readonly number[]> {
  const bundle = (await getFhir(at, `${base}/Observation`, access_token)).json();
  const found: readonly { resource: { id: string } }[] = bundle.entry ?? [];
  expect(bundle.total).toBe(found.length);
  return found.map(({ resource }) => Number(resource.id.slice(0, 8))).sort();
}

describe('the consent page', () => {
  beforeAll(async () => {
    app = await addApp(server);
  });

  it('has an item for each label by itself, unchecked, with the law that requires it', async () => {
    const { body } = await pageOf(await addApp(server));
    expect(lines(body)).toEqual([
      { key: SUBSTANCE, ticked: false },
      { key: MIND, ticked: false },
    ]);
    const text = textOf(body);
    expect(text).toContain('Needs your separate permission');
    expect(text).toContain('Treatment of substance use Protected by 42 CFR Part 2.');
  });
  it('has them in Spanish too', async () => {
    const { body } = await pageOf(app, { ui_locales: 'es' });
    expect(body).toContain('Necesita su permiso por separado');
    expect(body).toContain('La protege: 42 CFR Parte 2.');
  });
  it('has them whether or not the record has such entries, because their presence would reveal it', async () => {
    const browser = new PatientBrowser(server.app);
    const { client_id, redirect_uri } = app;
    const other = await browser.authorize({ response_type: 'code', client_id, redirect_uri }, SANDBOX_PATIENT);
    expect(lines(other.body)).toHaveLength(2);
  });
  it('omits them if no requested type can have labels', async () => {
    expect(lines((await pageOf(app, { scope: 'openid fhirUser' })).body)).toEqual([]);
    expect(lines((await pageOf(app, { scope: 'patient/Practitioner.rs patient/Location.rs' })).body)).toEqual([]);
    expect(lines((await pageOf(app, { scope: 'patient/Immunization.rs' })).body)).toHaveLength(2);
  });
  it('has them checked only where they were checked the last time', async () => {
    const checkedItems = async () => lines((await pageOf(app)).body).map((line) => line.ticked);
    await connectWith([MIND]);
    expect(await checkedItems()).toEqual([false, true]);
    await connectWith([]);
    expect(await checkedItems()).toEqual([false, false]);
    await connectWith([SUBSTANCE, MIND]);
    // A consent page without the sensitive items comes in between, so the next page offers them as new.
    await connectApp(server.app, app, { scope: 'patient/Location.rs' }, { allow: ['Location'] }, lou);
    expect(await checkedItems()).toEqual([false, false]);
  });
  it('lists the labels that earlier access includes', async () => {
    const fresh = await addApp(server);
    await connectApp(server.app, fresh, {}, { allow: ['Observation:laboratory', MIND] }, lou);
    const text = textOf(await pageOf(fresh));
    expect(text).toMatch(/you let Test App see your record: Personal details, Lab results, and Mental health, until/);
    expect(text).not.toMatch(/see your record:[^.]*substance/);
  });
  it('a label alone shares no data', async () => {
    const browser = new PatientBrowser(server.app);
    const page = await pageOf(app, { scope: 'patient/Observation.rs' }, browser);
    const done = await browser.submitConsent(page, { allow: [SUBSTANCE] });
    expect(new URL(done.location ?? '').searchParams.get('error')).toBe('access_denied');
  });
});

describe('the app reads', () => {
  beforeAll(async () => {
    app = await addApp(server);
  });

  it('labelled entries only if all their labels were checked, in both FHIR versions', async () => {
    for (const [allow, numbers] of [
      [[], [1]],
      [[SUBSTANCE], [1, 2]],
      [[MIND], [1, 3]],
      [
        [SUBSTANCE, MIND],
        [1, 2, 3, 4],
      ],
    ] as const) {
      const token = await connectWith(allow);
      expect(await seen(token)).toEqual(numbers);
      expect(await seen(token, DSTU2)).toEqual(numbers);
    }
  });

  it('the same after a refresh', async () => {
    const { refresh_token = '' } = await connectWith([MIND]);
    const { client_id, client_secret } = app;
    const next = await requestToken(server.app, {
      grant_type: 'refresh_token',
      refresh_token,
      client_id,
      client_secret,
    });
    expect(await seen(next)).toEqual([1, 3]);
  });

  it('a label that was not on the page is not granted, whatever the form contains', async () => {
    const browser = new PatientBrowser(server.app);
    const page = await pageOf(app, { scope: 'patient/Location.rs' }, browser);
    const done = await browser.submitConsent(page, { allow: ['Location', SUBSTANCE, 'sensitive:x|y'] });
    const [family] = authorizationCode(done).split('.');
    const [storedFamily] = await server.db.queryText('select labels from token_family where family_id = $1', [family]);
    expect(storedFamily).toEqual({ labels: [] });
    const stray = await pageOf(app, {}, browser);
    const fields = {
      ...hiddenFields(stray.body),
      decision: 'allow',
      duration: '',
      allow: ['Observation:laboratory', 'sensitive:x|y'],
    };
    const [other] = authorizationCode(await browser.post(`${OAUTH}/authorize/decision`, fields)).split('.');
    expect(await server.db.queryText('select labels from token_family where family_id = $1', [other])).toEqual([
      { labels: [] },
    ]);
  });

  it('a choice for earlier access removes labels from it and never adds one', async () => {
    const both = await connectWith([SUBSTANCE, MIND]);
    const none = await connectWith([]);
    await connectWith([SUBSTANCE], { earlier: 'yes' });
    server.clock.advance(1001);
    expect({ both: await seen(both), none: await seen(none) }).toEqual({ both: [1, 2], none: [1] });
    await connectWith([SUBSTANCE, MIND], { earlier: 'yes' });
    server.clock.advance(1001);
    expect({ both: await seen(both), none: await seen(none) }).toEqual({ both: [1, 2], none: [1] });
  });

  it('staff and backend apps read all data of the practice, because no patient consent applies to them', async () => {
    const { practices, ...staff } = { ...(await addStaffMember(server)), practices: [2] };
    const staffApp = await addApp(server, { kind: 'staff', scope: 'launch/patient patient/Observation.rs' });
    const { client_id, redirect_uri, client_secret } = staffApp;
    const browser = new PatientBrowser(server.app);
    const choice = await browser.authorize({ response_type: 'code', client_id, redirect_uri }, staff);
    const page = hasElement(choice, '[name=offered]') ? choice : await browser.chooseRecord(choice, lou.key);
    expect(lines(page.body)).toEqual([]);
    const code = authorizationCode(await browser.submitConsent(page));
    const token = await requestToken(server.app, {
      grant_type: 'authorization_code',
      code,
      redirect_uri,
      client_id,
      client_secret,
    });
    expect(await seen(token)).toEqual([1, 2, 3, 4]);
  });
});

describe('a label that the operator adds later', () => {
  it('is withheld from every existing token immediately', async () => {
    app = await addApp(server);
    const earlier = path.join(folder, 'earlier.json');
    writeFileSync(earlier, JSON.stringify(LABELS.slice(0, 1)));
    const before = await createApp(readConfig({ SENSITIVE_LABELS: earlier, LOG_LEVEL: 'silent' }), server.db, {
      clock: server.clock,
    });
    const token = await connectApp(before.app, app, {}, { allow: ['Observation:laboratory', SUBSTANCE] }, lou);
    expect(await seen(token, R4, before.app)).toEqual([1, 2, 3, 4]);
    expect(await seen(token)).toEqual([1, 2]);
    expect(lines((await pageOf(app)).body)).toEqual([
      { key: SUBSTANCE, ticked: true },
      { key: MIND, ticked: false },
    ]);
    expect(textsOf(await pageOf(app), 'label:has(.new)')).toContainEqual(expect.stringMatching(/^Mental health /));
    await before.app.close();
  });
});

describe('the record of a sensitive consent', () => {
  it('the receipt has each label with its law and decision, and the audit log has the labels that were checked', async () => {
    app = await addApp(server);
    await connectWith([MIND]);
    const [receipt] = await server.db.queryText<{ content: string; grant_id: string }>(
      'select content, grant_id from receipt order by at desc limit 1',
      [],
    );
    expect(receipt?.content).toContain(
      'Needs your separate permission:\n- Treatment of substance use (42 CFR Part 2): not allowed\n- Mental health (the law of this state): allowed\n',
    );
    const [event] = await server.db.queryText<{ detail: object }>(
      "select detail from audit_event where kind = 'consent' and grant_id = $1",
      [receipt?.grant_id],
    );
    expect(event?.detail).toMatchObject({ labels: [MIND] });
  });
});

describe('over any sequence of decisions', () => {
  const choice = fc.record({
    allow: fc.subarray(['Observation:laboratory', 'Observation:vital-signs', 'Encounter', SUBSTANCE, MIND]),
    earlier: fc.boolean(),
  });
  it('no labelled entry is shared without consent for its own label', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(choice, { minLength: 1, maxLength: 3 }), async (choices) => {
        app = await addApp(server);
        /**
         * Each token with the labels that it should still cover, and whether it should still cover laboratory results.
         */
        const held: { token: TokenAnswer; labels: readonly string[]; labs: boolean }[] = [];
        for (const { allow, earlier } of choices) {
          const token = await connectApp(server.app, app, {}, { allow, ...(earlier ? { earlier: 'yes' } : {}) }, lou);
          if (earlier) {
            for (const one of held) {
              one.labels = one.labels.filter((key) => allow.includes(key));
              one.labs &&= allow.includes('Observation:laboratory');
            }
          }
          held.push({ token, labels: allow, labs: allow.includes('Observation:laboratory') });
        }
        server.clock.advance(1001);
        for (const { token, labels, labs } of held) {
          const allowed = Object.entries(CODES)
            .filter(([, codes]) => codes.every((code) => labels.includes(`sensitive:${ACT}|${code}`)))
            .map(([number]) => Number(number));
          const answer = await getFhir(server.app, `${R4}/Observation`, token.access_token);
          const found: readonly { resource: { id: string } }[] = answer.json().entry ?? [];
          const numbers = found.map(({ resource }) => Number(resource.id.slice(0, 8))).sort();
          expect(numbers).toEqual(labs ? allowed : []);
        }
      }),
      { numRuns: 15, seed: 20_261_126 },
    );
  }, 60_000);
});
