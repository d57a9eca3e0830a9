import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addMissingVersions, findVersions, registerApp, registerUnownedApp } from '../../../src/apps/index.ts';
import { type ClientId, days, systemRandom as random } from '../../../src/kernel/index.ts';
import { CALLBACK } from '../../support/apps/apps.ts';
import { listEmails, loadApp, submitApp } from '../../support/apps/review.ts';
import { makeOnlyAdministrator, signInDeveloper, signInReviewer } from '../../support/people/developer-portal.ts';
import { connectApp, OAUTH } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const REGISTER = `${OAUTH}/register`;
const REASON = { ground: 'security-risk', text: 'It sends codes to a stranger.' };

let server: TestServer;
let ada: Awaited<ReturnType<typeof signInReviewer>>;
let visitors = 0;
beforeAll(async () => {
  server = await startServer({ DYNAMIC_REGISTRATION: 'sandbox', TRUST_PROXY: 'loopback' });
});
afterAll(() => server.close());
/** The test clock was advanced, so the administrator has to reauthenticate before each test. */
beforeEach(async () => {
  ada = await signInReviewer(server);
  await makeOnlyAdministrator(server, ada.accountId);
});

interface SelfRegisteredApp {
  readonly client_id: ClientId;
  readonly client_secret: string;
  readonly registration_access_token: string;
}

async function send(method: 'POST' | 'PUT' | 'GET', path: string, payload?: object, token?: string) {
  visitors += 1;
  const response = await server.app.inject({
    method,
    url: path,
    headers: {
      'x-forwarded-for': `198.51.100.${visitors}`,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(payload === undefined ? {} : { payload }),
  });
  return response.json();
}

const itself = (name: string): Promise<SelfRegisteredApp> =>
  send('POST', REGISTER, { redirect_uris: [CALLBACK], client_name: name, scope: 'launch/patient patient/*.rs' });
const manage = (app: SelfRegisteredApp, method: 'PUT' | 'GET', payload?: object) =>
  send(method, `${REGISTER}/${app.client_id}`, payload, app.registration_access_token);
const byCommand = (name: string) =>
  server.db.transaction((tx) =>
    registerUnownedApp(
      tx,
      { clock: server.clock, random },
      { name, scope: 'launch/patient patient/*.rs', apis: ['r4'], redirectUris: [CALLBACK] },
      'operator',
    ),
  );
const review = async (clientId: string) => (await ada.call('GET', `/review/apps/${clientId}`)).body;
const decide = (clientId: string, action: string, body?: object) =>
  ada.call('POST', `/review/apps/${clientId}/${action}`, body);
const namesIn = async (query: string): Promise<string[]> =>
  (await ada.call('GET', `/review/queue?${query}`)).body.items.map(({ name }: { name: string }) => name);

describe('a self-registered app (RFC 7591)', () => {
  it('45 CFR 170.404(b)(1): is in the queue with its clock, and without an organization', async () => {
    const app = await itself('Self-made');
    const { body } = await ada.call('GET', '/review/queue?registeredBy=itself');
    for (const { registeredBy } of body.items) expect(registeredBy).toBe('itself');
    expect(body.items.filter(({ clientId }: { clientId: string }) => clientId === app.client_id)).toMatchObject([
      {
        name: 'Self-made',
        organisation: null,
        registeredBy: 'itself',
        isChange: false,
        clock: { step: 'verify', businessDays: 10 },
        open: { version: 1, submittedBy: null },
      },
    ]);
    const shown = await review(app.client_id);
    expect(shown.actions).toEqual(['verify', 'approve', 'ask', 'reject', 'retire']);
    expect(shown.history.map(({ kind, bySide }: Record<string, string>) => [kind, bySide])).toEqual([
      ['submitted', 'developer'],
      ['registered', 'developer'],
    ]);
    expect({ developer: shown.developer, people: shown.people, dataUse: shown.app.open.terms.dataUse }).toEqual({
      developer: null,
      people: [],
      dataUse: {},
    });
  });

  it('is verified, approved, suspended, resumed and retired like any other', async () => {
    const app = await itself('Whole life');
    expect((await decide(app.client_id, 'verify', { version: 1 })).body).toMatchObject({ outcome: 'verified' });
    expect((await decide(app.client_id, 'approve', { version: 1 })).body).toMatchObject({ state: 'active' });
    const token = await connectApp(
      server.app,
      { ...app, redirect_uri: CALLBACK },
      { scope: 'launch/patient patient/*.rs' },
    );
    expect(token.status).toBe(200);
    const { body } = await decide(app.client_id, 'suspend', REASON);
    expect(body).toMatchObject({ state: 'suspended', endedTokens: 2 });
    expect((await decide(app.client_id, 'resume', {})).body).toMatchObject({ state: 'active' });
    expect((await decide(app.client_id, 'retire', REASON)).body).toMatchObject({ state: 'retired' });
    const kinds = (await review(app.client_id)).history.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(['retired', 'resumed', 'suspended', 'approved', 'verified', 'submitted', 'registered']);
  });

  it('RFC 7592 §2.2: waits for review of a change, with the differences, and a rejection does not affect the live version', async () => {
    const app = await itself('Changes');
    await decide(app.client_id, 'approve', { version: 1 });
    const { review: waits } = await manage(app, 'PUT', { ...app, redirect_uris: [CALLBACK, 'https://evil.example/'] });
    expect(waits.waiting).toMatchObject({ version: 2, fields: expect.arrayContaining(['redirect_uris']) });
    const shown = await review(app.client_id);
    expect(shown.differences).toContainEqual(
      expect.objectContaining({ field: 'redirectUris', before: [CALLBACK], matters: true }),
    );
    await decide(app.client_id, 'reject', { version: 2, ...REASON });
    expect(await loadApp(server, app.client_id)).toMatchObject({ state: 'active', redirectUris: [CALLBACK] });
    expect((await manage(app, 'GET')).review).toEqual({ state: 'active', refused: REASON.text });
  });

  it('finds a question in its registration, and answers it with another version', async () => {
    const app = await itself('Asked');
    await decide(app.client_id, 'ask', { version: 1, question: 'Who are you?' });
    expect((await manage(app, 'GET')).review.waiting).toMatchObject({ question: 'Who are you?' });
    const { client_id } = app;
    const metadata = { client_id, redirect_uris: [CALLBACK], policy_uri: 'https://app.example/policy' };
    expect((await manage(app, 'PUT', metadata)).review.waiting).toEqual({ version: 2, since: expect.any(String) });
    expect((await decide(client_id, 'approve', { version: 1 })).status).toBe(409);
  });
});

describe('an app that an operator registered', () => {
  it('waits like any other, and cannot be asked a question, which no one would read', async () => {
    const { clientId } = await byCommand('Made by command');
    expect(await namesIn('registeredBy=operator')).toEqual(['Made by command']);
    const shown = await review(clientId);
    expect(shown.app).toMatchObject({ organisation: null, registeredBy: 'operator' });
    expect(shown.actions).not.toContain('ask');
    const questioned = await decide(clientId, 'ask', { version: 1, question: 'Who are you?' });
    expect({ status: questioned.status, code: questioned.body.code }).toEqual({ status: 409, code: 'conflict' });
    expect((await decide(clientId, 'approve', { version: 1 })).body).toMatchObject({ state: 'active' });
  });
});

it('apps of organizations can be filtered from self-registered apps', async () => {
  const dev = await signInDeveloper(server);
  await submitApp(server, dev, { name: 'Of an organization' });
  await itself('Of no organization');
  const names = await namesIn('registeredBy=developer');
  expect(names).toContain('Of an organization');
  expect(names).not.toContain('Of no organization');
});

describe('a self-registered app from before versions existed', () => {
  const old = (clientId?: ClientId) =>
    server.db.transaction(async (tx) => {
      const usual = { name: 'Old', scope: 'patient/*.rs', apis: ['r4'], state: 'provisional' } as const;
      const id = clientId === undefined ? {} : { clientId };
      return registerApp(tx, { clock: server.clock, random }, { ...usual, redirectUris: [CALLBACK], ...id });
    });
  const adopt = () => addMissingVersions(server.db, { clock: server.clock, random });

  it('gets a first version once, at server start, with the app’s registration date', async () => {
    const { clientId } = await old();
    const { createdAt: came } = await loadApp(server, clientId);
    server.clock.advance(days(30));
    ada = await signInReviewer(server);
    expect((await Promise.all([adopt(), adopt()])).reduce((one, other) => one + other)).toBe(1);
    const [version, ...others] = await findVersions(server.db, clientId);
    expect({ state: version?.state, submittedAt: version?.submittedAt, others }).toEqual({
      state: 'waiting',
      submittedAt: came,
      others: [],
    });
    expect((await review(clientId)).app.clock).toMatchObject({ standing: 'late' });
    expect((await decide(clientId, 'approve', { version: 1 })).body).toMatchObject({ state: 'active' });
  });

  it('does not get one if it comes with the server', async () => {
    const { clientId } = await old('brought-app' as ClientId);
    expect(await adopt()).toBe(0);
    expect((await review(clientId)).app).toMatchObject({ registeredBy: 'server', open: null });
  });
});

it('administrators get one email for all due self-registered apps, because anyone can register any number of them', async () => {
  const email = 'ada@everybody.example';
  await server.purgeExpired();
  for (const name of ['One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven']) await itself(name);
  server.clock.advance(days(20));
  ada = await signInReviewer(server);
  await server.db.queryText('update account set email = $2 where account_id = $1', [ada.accountId, email]);
  await Promise.all([server.purgeExpired(), server.purgeExpired()]);
  await server.purgeExpired();
  const emails = (await listEmails(server, email)).filter(({ subject }) => !subject.includes('Of an organization'));
  expect(emails.map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/^Review: \d+ apps without an organization/),
  ]);
  expect(emails[0]?.text).toMatch(/and \d+ more/);
});

it('an undecided, unused app is deleted after 90 days, with its versions and its history', async () => {
  const app = await itself('Gone');
  server.clock.advance(days(91));
  await server.purgeExpired();
  for (const table of ['app', 'app_version', 'app_event']) {
    const rows = await server.db.queryText(`select 1 from ${table} where client_id = $1`, [app.client_id]);
    expect(rows, table).toEqual([]);
  }
});
