import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approveVersion, decideByOperator, findPendingVersion, rejectVersion } from '../../../src/apps/index.ts';
import type { AppState } from '../../../src/domain/index.ts';
import { systemRandom as random } from '../../../src/kernel/index.ts';
import type { AppDraft } from '../../../src/portal-api/contract/apps.ts';
import {
  getDeveloperApp,
  pngImage,
  putLogo,
  type RegisteredApp,
  registerDraft,
  submitVersion,
} from '../../support/apps/app-drafts.ts';
import { setAppState } from '../../support/apps/apps.ts';
import { createSigningKeys } from '../../support/apps/signing-keys.ts';
import {
  type ApiCaller,
  type Developer,
  signInDeveloper,
  signInReviewer,
} from '../../support/people/developer-portal.ts';
import {
  connectApp,
  getFhir,
  PatientBrowser,
  R4,
  redirectParameters,
  requestToken,
} from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
let admin: ApiCaller & Pick<Developer, 'accountId'>;
beforeAll(async () => {
  server = await startServer();
  dev = await signInDeveloper(server);
  admin = await signInReviewer(server);
});
afterAll(() => server.close());

const deps = () => ({ clock: server.clock, random });

/** Approves the pending version as an administrator. */
async function approve(clientId: string): Promise<void> {
  const { version = 0, logoVersion } = (await findPendingVersion(server.db, clientId)) ?? {};
  const approving = { clientId, version, logoVersion, by: admin.accountId, mayDecide: async () => true };
  await server.db.transaction((tx) => approveVersion(tx, deps(), approving));
}

async function approved(changes: Partial<AppDraft> = {}): Promise<RegisteredApp> {
  const app = await registerDraft(dev, changes);
  await approve(app.clientId);
  return app;
}

const EXPLORER = 'http://localhost:8080/developer/explorer/callback';
/** Opens the consent page of an app for a redirect URI. */
const authorized = ({ clientId }: RegisteredApp, redirect_uri: string) =>
  new PatientBrowser(server.app).authorize({ response_type: 'code', client_id: clientId, redirect_uri });

const CHANGES: readonly [string, Partial<AppDraft>][] = [
  ['name', { name: 'Pillbox Two' }],
  ['redirectUris', { redirectUris: ['https://elsewhere.example/cb'] }],
  ['redirectUris', { redirectUris: ['https://app.example/callback', 'https://elsewhere.example/cb'] }],
  ['scope', { scope: 'openid launch/patient offline_access patient/*.rs' }],
  ['apis', { apis: ['r4', 'dstu2'] }],
  ['policyUri', { policyUri: '' }],
  ['termsUri', { termsUri: 'https://pillbox.example/terms' }],
  ['dataUse', { dataUse: { sold: 'yes' } }],
];

describe('a live app', () => {
  it.each(CHANGES)(
    'with a changed %s waits for review while the approved version keeps working',
    async (field, changes) => {
      const app = await approved();
      const before = (await getDeveloperApp(dev, app.clientId)).terms;
      const { status, body } = await submitVersion(dev, app.clientId, changes);
      expect({ status, waits: body.waits, applied: body.applied }).toEqual({
        status: 200,
        waits: [field],
        applied: [],
      });
      expect(body.app.terms).toEqual(before);
      expect(body.app).toMatchObject({ state: 'active', open: { version: 2, state: 'waiting', waits: [field] } });
      expect(body.app.open.terms).toEqual({ ...before, ...changes });
      await approve(app.clientId);
      expect(await getDeveloperApp(dev, app.clientId)).toMatchObject({
        state: 'active',
        open: null,
        terms: { ...before, ...changes },
      });
    },
  );

  it('with a new launch URI waits for review', async () => {
    const staff = { kind: 'staff', scope: 'launch openid patient/*.rs user/*.rs' } as const;
    const { clientId } = await approved(staff);
    const { body } = await submitVersion(dev, clientId, { launchUri: 'https://elsewhere.example/launch' });
    expect({ waits: body.waits, launchUri: body.app.terms.launchUri }).toEqual({ waits: ['launchUri'], launchUri: '' });
    await approve(clientId);
    // A removed redirect URI stops working immediately.
    const removed = await submitVersion(dev, clientId, { launchUri: '' });
    expect({ waits: removed.body.waits, applied: removed.body.applied }).toEqual({ waits: [], applied: ['launchUri'] });
  });

  it('keeps the approved redirect URI as the only one', async () => {
    const app = await approved();
    await submitVersion(dev, app.clientId, { redirectUris: ['https://evil.example/cb'] });
    const browser = new PatientBrowser(server.app);
    const { client_id } = app;
    const request = { response_type: 'code', client_id, redirect_uri: 'https://evil.example/cb' };
    expect((await browser.authorize(request)).status).toBe(400);
    expect((await connectApp(server.app, app)).status).toBe(200);
  });

  it('changes insignificant fields immediately, without a new version', async () => {
    const { clientId } = await approved();
    const changes = {
      description: 'Better.',
      website: 'https://new.example/',
      listed: true,
      requireAud: true,
    } as const;
    const { body } = await submitVersion(dev, clientId, changes);
    expect(body.waits).toEqual([]);
    expect([...body.applied].sort()).toEqual(Object.keys(changes).sort());
    expect(body.app).toMatchObject({ open: null, terms: changes });
    expect(body.app.versions).toHaveLength(1);
  });

  it('applies restrictions immediately', async () => {
    const { clientId } = await approved({
      redirectUris: ['https://a.example/cb', 'https://b.example/cb'],
      apis: ['r4', 'dstu2'],
      scope: 'patient/*.rs openid',
    });
    const less = {
      redirectUris: ['https://b.example/cb'],
      apis: ['r4'],
      scope: 'patient/Observation.rs openid',
    } satisfies Partial<AppDraft>;
    const { body } = await submitVersion(dev, clientId, less);
    expect({ waits: body.waits, open: body.app.open, terms: body.app.terms }).toEqual({
      waits: [],
      open: null,
      terms: expect.objectContaining(less),
    });
  });

  it('keeps a redirect URI until its replacement is approved', async () => {
    const { clientId } = await approved({ redirectUris: ['https://a.example/cb', 'https://b.example/cb'] });
    const { body } = await submitVersion(dev, clientId, {
      redirectUris: ['https://b.example/cb', 'https://c.example/cb'],
    });
    expect(body.app.terms.redirectUris).toEqual(['https://a.example/cb', 'https://b.example/cb']);
  });

  it('replaces its pending version with the next, with a new clock; resubmitting the same changes nothing', async () => {
    const { clientId } = await approved();
    const first = (await submitVersion(dev, clientId, { name: 'One' })).body.app;
    server.clock.advance(1000);
    const again = (await submitVersion(dev, clientId, { name: 'One', description: 'And more.' })).body.app;
    expect({ version: again.open.version, submittedAt: again.open.submittedAt }).toEqual({
      version: 2,
      submittedAt: first.open.submittedAt,
    });
    expect(again.open.terms.description).toBe('And more.');
    const second = (await submitVersion(dev, clientId, { name: 'Two' })).body.app;
    expect({ version: second.open.version, name: second.open.terms.name }).toEqual({ version: 3, name: 'Two' });
    expect(second.versions.map(({ state }: { state: string }) => state)).toEqual(['waiting', 'replaced', 'approved']);
    expect(second.open.submittedAt > first.open.submittedAt).toBe(true);
    // A return to the approved values leaves no pending change.
    const back = (await submitVersion(dev, clientId, { name: 'Pillbox' })).body;
    expect({ waits: back.waits, open: back.app.open, state: back.app.versions[0].state }).toEqual({
      waits: [],
      open: null,
      state: 'withdrawn',
    });
  });

  it('keeps immediate changes when an older pending version is approved', async () => {
    const [old, fresh] = [await createSigningKeys('ES384'), await createSigningKeys('RS384')];
    const { clientId } = await approved({ auth: 'private_key_jwt', jwks: old.jwks });
    await submitVersion(dev, clientId, { name: 'Renamed' });
    const auth = { auth: 'private_key_jwt', jwks: fresh.jwks };
    const changed = await dev.call('PATCH', `/developer/apps/${clientId}/auth`, auth);
    expect({ status: changed.status, version: changed.body.app.open.version }).toEqual({ status: 200, version: 2 });
    await approve(clientId);
    const { terms } = await getDeveloperApp(dev, clientId);
    expect({ name: terms.name, jwks: terms.jwks }).toEqual({ name: 'Renamed', jwks: fresh.jwks });
  });

  it('has one pending version after many concurrent submissions', async () => {
    const { clientId } = await approved();
    const terms = (await getDeveloperApp(dev, clientId)).terms;
    const names = ['A', 'B', 'C', 'D', 'E', 'F'];
    const answers = await Promise.all(
      names.map((name) => dev.call('POST', `/developer/apps/${clientId}/versions`, { draft: { ...terms, name } })),
    );
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
    const { versions } = await getDeveloperApp(dev, clientId);
    expect(versions.map(({ version }) => version)).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(versions.filter(({ state }) => state === 'waiting')).toHaveLength(1);
  });

  it('can submit only so many versions a day as can be reviewed, and replaced versions keep no logo', async () => {
    const { clientId } = await approved();
    await putLogo(dev, clientId, pngImage());
    const statuses: number[] = [];
    for (let at = 0; at < 30; at += 1)
      statuses.push((await submitVersion(dev, clientId, { name: `Name ${at}` })).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(28);
    expect((await submitVersion(dev, clientId, { name: 'More' })).body.code).toBe('too-many-attempts');
    expect((await getDeveloperApp(dev, clientId)).open?.terms.name).toBe('Name 27');
    const logos = 'select version from app_version where client_id = $1 and logo is not null';
    expect(await server.db.queryText(logos, [clientId])).toEqual([{ version: 30 }]);
    await server.db.queryText(
      "update app_version set submitted_at = submitted_at - interval '1 day' where client_id = $1",
      [clientId],
    );
    expect((await submitVersion(dev, clientId, { name: 'The next day' })).status).toBe(200);
  });

  it('that is suspended stays suspended, and significant changes wait', async () => {
    const app = await approved();
    await setAppState(server, app as never, 'suspended');
    const { body } = await submitVersion(dev, app.clientId, { name: 'Mended' });
    expect({ state: body.app.state, waits: body.waits }).toEqual({ state: 'suspended', waits: ['name'] });
    const token = await requestToken(server.app, {
      grant_type: 'authorization_code',
      code: 'x',
      client_id: app.client_id,
      client_secret: app.client_secret,
    });
    expect(token.status).toBeGreaterThanOrEqual(400);
  });
});

describe('an app that is not live yet', () => {
  it('changes everything immediately, and waits for approval as a whole', async () => {
    const app = await registerDraft(dev);
    const changes = { name: 'Other', redirectUris: ['https://other.example/cb'] };
    const { body } = await submitVersion(dev, app.clientId, changes);
    expect({ waits: body.waits, terms: body.app.terms, state: body.app.state }).toEqual({
      waits: [],
      terms: expect.objectContaining(changes),
      state: 'provisional',
    });
    expect(body.app.open).toMatchObject({ version: 2, state: 'waiting', waits: [] });
    expect(body.app.versions[1].state).toBe('replaced');
    expect((await connectApp(server.app, { ...app, redirect_uri: 'https://other.example/cb' })).status).toBe(200);
  });

  it('keeps version and clock after an insignificant change', async () => {
    const { clientId } = await registerDraft(dev);
    server.clock.advance(1000);
    const { body } = await submitVersion(dev, clientId, { description: 'Other words.' });
    expect(body.app.versions).toHaveLength(1);
    expect(body.app.open.terms.description).toBe('Other words.');
  });

  it('adds and removes the API explorer’s redirect URI without a new version, and the clock keeps running', async () => {
    const app = await registerDraft(dev);
    const submitted = (await getDeveloperApp(dev, app.clientId)).open;
    server.clock.advance(60_000);
    const added = [app.redirect_uri, EXPLORER];
    for (const redirectUris of [added, [app.redirect_uri], added]) {
      const { status, body } = await submitVersion(dev, app.clientId, { redirectUris });
      expect({ status, waits: body.waits, applied: body.applied }).toEqual({
        status: 200,
        waits: [],
        applied: ['redirectUris'],
      });
      expect(await getDeveloperApp(dev, app.clientId)).toMatchObject({
        terms: { redirectUris },
        open: {
          version: 1,
          submittedAt: submitted?.submittedAt,
          verifyBy: submitted?.verifyBy,
          terms: { redirectUris },
        },
      });
    }
    expect((await authorized(app, EXPLORER)).status).toBe(200);
    await approve(app.clientId);
    expect((await getDeveloperApp(dev, app.clientId)).terms.redirectUris).toEqual(added);
  });

  it('gets a new version if anything else changes together with the API explorer’s redirect URI', async () => {
    const app = await registerDraft(dev);
    await submitVersion(dev, app.clientId, {
      redirectUris: [app.redirect_uri, EXPLORER, 'https://elsewhere.example/cb'],
    });
    expect((await getDeveloperApp(dev, app.clientId)).open).toMatchObject({ version: 2 });
    await submitVersion(dev, app.clientId, { redirectUris: [app.redirect_uri, `${EXPLORER}/x`] });
    expect((await getDeveloperApp(dev, app.clientId)).open).toMatchObject({ version: 3 });
  });

  it('that was withdrawn can be tried in the API explorer without being resubmitted', async () => {
    const app = await registerDraft(dev);
    await dev.call('POST', `/developer/apps/${app.clientId}/withdraw`);
    await submitVersion(dev, app.clientId, { redirectUris: [app.redirect_uri, EXPLORER] });
    expect(await getDeveloperApp(dev, app.clientId)).toMatchObject({
      terms: { redirectUris: [app.redirect_uri, EXPLORER] },
      open: null,
    });
    await submitVersion(dev, app.clientId, {});
    expect((await getDeveloperApp(dev, app.clientId)).open).toMatchObject({ version: 2 });
  });

  it('is approved as the administrator saw it: a newer version is not approved', async () => {
    const { clientId } = await registerDraft(dev);
    await submitVersion(dev, clientId, { redirectUris: ['https://evil.example/cb'] });
    const approving = {
      clientId,
      version: 1,
      logoVersion: undefined,
      by: admin.accountId,
      mayDecide: async () => true,
    };
    await expect(server.db.transaction((tx) => approveVersion(tx, deps(), approving))).rejects.toThrow('version 2');
  });

  it('that was rejected can be resubmitted and is provisional again', async () => {
    const { clientId } = await registerDraft(dev);
    const deciding = { clientId, version: 1, by: admin.accountId };
    const reason = { ground: 'authenticity', text: 'Who are you?' } as const;
    await server.db.transaction((tx) => rejectVersion(tx, deps(), deciding, reason));
    const rejected = await getDeveloperApp(dev, clientId);
    expect({ state: rejected.state, open: rejected.open, reason: rejected.versions[0]?.reason }).toEqual({
      state: 'rejected',
      open: null,
      reason: 'Who are you?',
    });
    const { body } = await submitVersion(dev, clientId, {});
    expect({ state: body.app.state, version: body.app.open.version }).toEqual({ state: 'provisional', version: 2 });
  });

  it('can withdraw its pending version and resubmit it', async () => {
    const { clientId } = await registerDraft(dev);
    const { body: app } = await dev.call('POST', `/developer/apps/${clientId}/withdraw`);
    expect({ state: app.state, open: app.open, versionState: app.versions[0].state }).toEqual({
      state: 'provisional',
      open: null,
      versionState: 'withdrawn',
    });
    const again = await dev.call('POST', `/developer/apps/${clientId}/withdraw`);
    expect({ status: again.status, code: again.body.code }).toEqual({ status: 409, code: 'conflict' });
    expect((await submitVersion(dev, clientId, {})).body.app.open.version).toBe(2);
  });

  it('keeps its tokens at the redirect URI they were issued for; a new redirect URI gets none of them', async () => {
    const app = await registerDraft(dev);
    const token = await connectApp(server.app, app);
    await submitVersion(dev, app.clientId, { redirectUris: ['https://other.example/cb'] });
    expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(200);
    const browser = new PatientBrowser(server.app);
    const request = { response_type: 'code', client_id: app.client_id, redirect_uri: app.redirect_uri };
    expect((await browser.authorize(request)).status).toBe(400);
  });

  it('cannot use a code of a removed redirect URI', async () => {
    const app = await registerDraft(dev);
    const browser = new PatientBrowser(server.app);
    const { client_id, client_secret, redirect_uri } = app;
    const page = await browser.authorize({ response_type: 'code', client_id, redirect_uri });
    // The consent page was opened before the redirect URI was removed. Its answer must not be redirected there.
    await submitVersion(dev, app.clientId, { redirectUris: ['https://other.example/cb'] });
    const done = await browser.submitConsent(page);
    expect(done.status).toBe(400);
    expect(done.location).toBeUndefined();
    const fresh = await browser.authorize({
      response_type: 'code',
      client_id,
      redirect_uri: 'https://other.example/cb',
    });
    const code = redirectParameters(await browser.submitConsent(fresh)).get('code') ?? '';
    const wrong = { grant_type: 'authorization_code', code, client_id, client_secret, redirect_uri };
    expect((await requestToken(server.app, wrong)).error).toBe('invalid_grant');
  });
});

describe('questions of administrators', () => {
  it('an answer is stored for the administrators, and the question is no longer open', async () => {
    const { clientId } = await registerDraft(dev);
    const silent = await dev.call('POST', `/developer/apps/${clientId}/answer`, { text: 'Nobody asked.' });
    expect(silent.status).toBe(409);
    await server.db.queryText("update app_version set question = 'Who?', asked_at = $2 where client_id = $1", [
      clientId,
      server.clock.now(),
    ]);
    expect((await getDeveloperApp(dev, clientId)).open).toMatchObject({ question: 'Who?' });
    const { status, body } = await dev.call('POST', `/developer/apps/${clientId}/answer`, { text: ' We. ' });
    expect({ status, question: body.open.question, askedAt: body.open.askedAt }).toEqual({
      status: 200,
      question: null,
      askedAt: null,
    });
    const { body: history } = await dev.call('GET', `/developer/apps/${clientId}/history`);
    expect(history[0]).toMatchObject({ kind: 'answered', version: 1, detail: { answer: 'We.' } });
  });
});

describe('a retired app', () => {
  it('is final: nothing of it works, waits or changes', async () => {
    const app = await approved();
    const token = await connectApp(server.app, app);
    await submitVersion(dev, app.clientId, { name: 'Waits' });
    const { status, body } = await dev.call('POST', `/developer/apps/${app.clientId}/retire`);
    expect({ status, state: body.state, open: body.open, secrets: body.secrets }).toEqual({
      status: 200,
      state: 'retired',
      open: null,
      secrets: [],
    });
    server.clock.advance(2000);
    expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(401);
    const at = `/developer/apps/${app.clientId}`;
    const attempts = [
      await submitVersion(dev, app.clientId, { name: 'Undead' }),
      await dev.call('POST', `${at}/retire`),
      await dev.call('POST', `${at}/secrets`, {}),
      await dev.call('PATCH', `${at}/auth`, { auth: 'none' }),
      await dev.call('DELETE', `${at}/logo`),
      await putLogo(dev, app.clientId, pngImage()),
      await dev.call('POST', `${at}/withdraw`),
    ];
    expect(attempts.map(({ status: one }) => one)).toEqual(attempts.map(() => 409));
    expect((await getDeveloperApp(dev, app.clientId)).terms.name).toBe('Pillbox');
  });
});

describe('the authentication method of an app', () => {
  it('from public to secret and back: the app gets a working secret, and loses it', async () => {
    const app = await registerDraft(dev, { auth: 'none' });
    const at = `/developer/apps/${app.clientId}/auth`;
    const { body } = await dev.call('PATCH', at, { auth: 'secret', secretDays: 30 });
    expect({ auth: body.app.terms.auth, secrets: body.app.secrets.length, openAuth: body.app.open.terms.auth }).toEqual(
      { auth: 'secret', secrets: 1, openAuth: 'secret' },
    );
    expect((await connectApp(server.app, { ...app, client_secret: body.clientSecret })).status).toBe(200);
    const back = await dev.call('PATCH', at, { auth: 'none' });
    expect({ clientSecret: back.body.clientSecret, secrets: back.body.app.secrets }).toEqual({
      clientSecret: null,
      secrets: [],
    });
    expect(await server.db.queryText('select 1 from app_secret where client_id = $1', [app.clientId])).toEqual([]);
  });
  it('can change with a whole draft, and the new secret is displayed once', async () => {
    const { clientId } = await registerDraft(dev, { auth: 'none' });
    const { body } = await submitVersion(dev, clientId, { auth: 'secret' });
    expect(body.clientSecret).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(await getDeveloperApp(dev, clientId))).not.toContain(body.clientSecret);
    const { body: history } = await dev.call('GET', `/developer/apps/${clientId}/history`);
    expect(history.map(({ kind }: { kind: string }) => kind)).toContain('secret-made');
  });
  it('keeps its value if the keys are unusable, and nothing is changed', async () => {
    const { clientId } = await registerDraft(dev);
    const { privateJwk } = await createSigningKeys('ES384');
    const at = `/developer/apps/${clientId}/auth`;
    for (const wanted of [
      { auth: 'private_key_jwt' },
      { auth: 'private_key_jwt', jwks: { keys: [privateJwk] } },
      { auth: 'private_key_jwt', jwksUri: 'http://keys.example/' },
    ]) {
      const { status, body } = await dev.call('PATCH', at, wanted);
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'fields-invalid' });
      expect(body.errors[0].field).toMatch(/^jwks/);
    }
    expect((await getDeveloperApp(dev, clientId)).terms.auth).toBe('secret');
  });
});

describe('commands of the operator', () => {
  const reason = { ground: 'security-risk', text: 'It leaks.' };
  const move = (clientId: string, to: AppState) =>
    server.db.transaction((tx) => decideByOperator(tx, deps(), clientId, { to, reason }));

  it('resubmit an app that was withdrawn or rejected', async () => {
    const { clientId } = await registerDraft(dev);
    await dev.call('POST', `/developer/apps/${clientId}/withdraw`);
    await move(clientId, 'rejected');
    expect(await getDeveloperApp(dev, clientId)).toMatchObject({ state: 'rejected', open: null });
    await move(clientId, 'provisional');
    expect(await getDeveloperApp(dev, clientId)).toMatchObject({ state: 'provisional', open: { version: 3 } });
  });

  it('45 CFR 171.203: reject a patient app only on the grounds that /review allows', async () => {
    const { clientId } = await registerDraft(dev);
    const reject = (ground: string | undefined, text: string | undefined) =>
      server.db.transaction((tx) =>
        decideByOperator(tx, deps(), clientId, { to: 'rejected', reason: { ground, text } }),
      );
    for (const [ground, text] of [
      [undefined, undefined],
      ['other', 'I do not like it.'],
      ['security-risk', ' '],
    ]) {
      await expect(reject(ground, text)).rejects.toThrow(/--ground .*authenticity, security-risk/);
    }
    expect(await getDeveloperApp(dev, clientId)).toMatchObject({ state: 'provisional', open: { version: 1 } });
  });

  it('decide about the pending version, and its developers can see it', async () => {
    const { clientId } = await registerDraft(dev);
    await move(clientId, 'active');
    expect(await getDeveloperApp(dev, clientId)).toMatchObject({
      state: 'active',
      open: null,
      versions: [{ state: 'approved' }],
    });
    await submitVersion(dev, clientId, { name: 'Waits' });
    await move(clientId, 'suspended');
    await move(clientId, 'active');
    expect(await getDeveloperApp(dev, clientId)).toMatchObject({
      terms: { name: 'Pillbox' },
      open: { terms: { name: 'Waits' } },
    });
    await move(clientId, 'retired');
    expect(await getDeveloperApp(dev, clientId)).toMatchObject({ state: 'retired', open: null });
    const { body: history } = await dev.call('GET', `/developer/apps/${clientId}/history`);
    const byOperator = history.filter(({ bySide }: { bySide: string }) => bySide === 'operator');
    expect(byOperator.map(({ kind }: { kind: string }) => kind)).toEqual([
      'retired',
      'resumed',
      'suspended',
      'approved',
      'verified',
    ]);
  });
});
