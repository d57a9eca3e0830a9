import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findVersions } from '../../../src/apps/index.ts';
import { minutes, seconds } from '../../../src/kernel/index.ts';
import {
  listEmails,
  loadApp,
  type SubmittedApp,
  submitApp,
  submitBackend,
  submitChange,
} from '../../support/apps/review.ts';
import {
  type ApiCaller,
  apiCaller,
  approveRequest,
  type Developer,
  signInDeveloper,
  signInReviewer,
} from '../../support/people/developer-portal.ts';
import { connectApp, getFhir, R4, requestToken } from '../../support/people/patient.ts';
import { LIVE_PRACTICE, listAuditEvents, SANDBOX_PRACTICE } from '../../support/people/practice-portal.ts';
import { signInAs } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
let ada: Awaited<ReturnType<typeof signInReviewer>>;
let bob: Awaited<ReturnType<typeof signInReviewer>>;
beforeAll(async () => {
  server = await startServer();
  ada = await signInReviewer(server);
  bob = await signInReviewer(server, 'Bob Min');
});
afterAll(() => server.close());
beforeEach(async () => {
  dev = await signInDeveloper(server);
});

const decide = (who: ApiCaller, { clientId }: SubmittedApp, what: string, body?: object) =>
  who.call('POST', `/review/apps/${clientId}/${what}`, body);
const stateOf = async ({ clientId }: SubmittedApp): Promise<string> => (await loadApp(server, clientId)).state;
const versionsOf = async ({ clientId }: SubmittedApp) =>
  (await findVersions(server.db, clientId)).map(({ version, state }) => `${version} ${state}`);
/** Emails to the developer with this subject. The server may send others in the background, such as about first data. */
const emailsAbout = async (subject: string) =>
  (await listEmails(server, dev.email)).filter((email) => email.subject === subject);
const REASON = { ground: 'authenticity', text: 'Nobody answers at the address of the company.' };

describe('verification: 45 CFR 170.404(b)(1)(i)', () => {
  it('starts the clock to activate the app, and notifies the developers of the deadline', async () => {
    const app = await submitApp(server, dev);
    const { status, body } = await decide(ada, app, 'verify', { version: 1 });
    expect({ status, body }).toEqual({
      status: 200,
      body: { state: 'provisional', outcome: 'verified', endedTokens: 0, approval: null },
    });
    const { body: shown } = await ada.call('GET', `/review/apps/${app.clientId}`);
    expect(shown.app.clock).toMatchObject({
      step: 'enable',
      businessDays: 5,
      businessDaysLeft: 5,
      standing: 'in-time',
    });
    expect(shown.app.organisation.verifiedAt).toBeNull();
    expect((await listEmails(server, dev.email)).map(({ subject }) => subject)).toEqual([
      'Pillbox: we verified your identity',
    ]);
  });

  it('can include the organization', async () => {
    const app = await submitApp(server, dev);
    await decide(ada, app, 'verify', { version: 1, organisation: `Maker ${dev.email.split('@')[1]}` });
    const { body } = await ada.call('GET', `/review/organisations?text=${dev.email.split('@')[1]}`);
    expect(body.organisations).toMatchObject([
      { verifiedBy: 'Ada Min', apps: 1, people: 1, versionsToVerify: 0, versionsToEnable: 1 },
    ]);
    expect((await loadApp(server, app.clientId)).verifiedAt).not.toBeNull();
  });

  it('is still to do for a new version of a verified organization', async () => {
    const organization = async () =>
      (await ada.call('GET', `/review/organisations?text=${dev.email.split('@')[1]}`)).body.organisations[0];
    const app = await submitApp(server, dev);
    await decide(ada, app, 'verify', { version: 1, organisation: `Maker ${dev.email.split('@')[1]}` });
    await submitApp(server, dev);
    expect(await organization()).toMatchObject({ verifiedBy: 'Ada Min', versionsToVerify: 1, versionsToEnable: 1 });
  });

  it('happens once', async () => {
    const app = await submitApp(server, dev);
    await decide(ada, app, 'verify', { version: 1 });
    expect((await decide(bob, app, 'verify', { version: 1 })).body.code).toBe('conflict');
  });
});

describe('approval', () => {
  it('verifies too if needed, activates the app, and appears in audit log, history and email', async () => {
    const app = await submitApp(server, dev);
    const { body } = await decide(ada, app, 'approve', { version: 1 });
    expect(body).toEqual({ state: 'active', outcome: 'approved', endedTokens: 0, approval: null });
    expect({ state: await stateOf(app), versions: await versionsOf(app) }).toEqual({
      state: 'active',
      versions: ['1 approved'],
    });
    const { body: shown } = await ada.call('GET', `/review/apps/${app.clientId}`);
    expect(shown.history.map(({ kind, who }: { kind: string; who: string }) => `${kind} ${who}`).sort()).toEqual([
      'approved Ada Min',
      'submitted Dev Eloper',
      'verified Ada Min',
    ]);
    expect(shown.actions).toEqual(['suspend', 'retire']);
    expect((await listEmails(server, dev.email)).map(({ subject }) => subject)).toEqual(['Pillbox is approved']);
    expect((await listAuditEvents(server, 'review'))[0]).toMatchObject({
      account_id: ada.accountId,
      detail: { action: 'approved', version: 1 },
    });
  });

  it('of a change freezes the reviewed version, which replaces the previous one', async () => {
    const app = await submitApp(server, dev);
    await decide(ada, app, 'approve', { version: 1 });
    const redirectUris = ['https://app.example/callback', 'https://app.example/second'];
    await submitChange(server, dev, app.clientId, { redirectUris });
    expect((await loadApp(server, app.clientId)).redirectUris).toHaveLength(1);
    const { body: shown } = await ada.call('GET', `/review/apps/${app.clientId}`);
    expect(shown.differences).toEqual([
      { field: 'redirectUris', before: redirectUris.slice(0, 1), after: redirectUris, matters: true },
    ]);
    await decide(ada, app, 'approve', { version: 2 });
    expect((await loadApp(server, app.clientId)).redirectUris).toEqual(redirectUris);
    expect(await versionsOf(app)).toEqual(['2 approved', '1 replaced']);
    expect(await emailsAbout('Your changes to Pillbox are approved')).toHaveLength(1);
  });

  it('of an unseen version is rejected', async () => {
    const app = await submitApp(server, dev);
    await submitChange(server, dev, app.clientId, { name: 'Pillbox Pro' });
    const { status, body } = await decide(ada, app, 'approve', { version: 1 });
    expect({ status, code: body.code, detail: body.detail }).toEqual({
      status: 409,
      code: 'conflict',
      detail: expect.stringContaining('version 2 is pending'),
    });
    expect(await stateOf(app)).toBe('provisional');
  });

  it('of an unseen logo is rejected', async () => {
    const app = await submitApp(server, dev);
    await server.db.queryText("update app_version set logo = '\\x01', logo_type = 'image/png' where client_id = $1", [
      app.clientId,
    ]);
    expect((await decide(ada, app, 'approve', { version: 1 })).status).toBe(409);
    const { body } = await ada.call('GET', `/review/apps/${app.clientId}`);
    const logoVersion = body.app.openLogoVersion;
    expect((await decide(ada, app, 'approve', { version: 1, logoVersion })).body.outcome).toBe('approved');
    const logo = await ada.call('GET', `/review/apps/${app.clientId}/logo?version=1`);
    expect({ status: logo.status, contentType: logo.headers['content-type'] }).toEqual({
      status: 200,
      contentType: 'image/png',
    });
  });

  it('emails each developer in their language', async () => {
    const app = await submitApp(server, dev);
    await server.db.queryText("update account set language = 'es' where account_id = $1", [dev.accountId]);
    await decide(ada, app, 'approve', { version: 1 });
    const [mail] = await listEmails(server, dev.email);
    expect(mail).toMatchObject({
      subject: 'Pillbox está aprobada',
      text: expect.stringContaining(`/developer/apps/${app.clientId}`),
    });
  });
});

describe('two approvers for system/ scopes', () => {
  it('the first approval changes nothing, and the second must come from another administrator, for the same practices', async () => {
    const app = await submitBackend(server, dev);
    const practiceIds = [LIVE_PRACTICE];
    const first = await decide(ada, app, 'approve', { version: 1, practiceIds });
    expect(first.body).toMatchObject({ outcome: 'approved-first', state: 'provisional' });
    expect((await loadApp(server, app.clientId)).practiceIds).toEqual([SANDBOX_PRACTICE]);
    expect(await listEmails(server, dev.email)).toEqual([]);

    expect((await decide(ada, app, 'approve', { version: 1, practiceIds })).body.code).toBe('conflict');
    const { body: shown } = await ada.call('GET', `/review/apps/${app.clientId}`);
    expect(shown).toMatchObject({ needsTwo: true, approvedFirstBy: 'Ada Min', approvedFirstByYou: true });
    expect(shown.actions).not.toContain('approve');

    const other = await decide(bob, app, 'approve', { version: 1, practiceIds: [SANDBOX_PRACTICE] });
    expect({ status: other.status, code: other.body.code }).toEqual({ status: 409, code: 'conflict' });
    const second = await decide(bob, app, 'approve', { version: 1 });
    expect(second.body).toMatchObject({ outcome: 'approved', state: 'active' });
    expect((await loadApp(server, app.clientId)).practiceIds).toEqual(practiceIds);
  });

  it('the same person in another session is not a second approver', async () => {
    const app = await submitBackend(server, dev);
    await decide(ada, app, 'approve', { version: 1 });
    const again = apiCaller(server, (await signInAs(server, ada.accountId)).cookie('session'));
    expect((await decide(again, app, 'approve', { version: 1 })).status).toBe(409);
    expect(await stateOf(app)).toBe('provisional');
  });

  it('a former administrator does not count as the first approver', async () => {
    const app = await submitBackend(server, dev);
    const former = await signInReviewer(server, 'Gone Min');
    await decide(former, app, 'approve', { version: 1 });
    await server.db.queryText('update account set administrator = false where account_id = $1', [former.accountId]);
    expect((await decide(ada, app, 'approve', { version: 1 })).body.outcome).toBe('approved-first');
    expect((await decide(bob, app, 'approve', { version: 1 })).body.outcome).toBe('approved');
  });

  it('a change that adds system/ scopes needs two too, and a patient app needs one', async () => {
    const app = await submitBackend(server, dev);
    for (const who of [ada, bob]) await decide(who, app, 'approve', { version: 1 });
    await submitChange(server, dev, app.clientId, { scope: 'system/Patient.rs system/Observation.rs' });
    expect((await decide(ada, app, 'approve', { version: 2 })).body.outcome).toBe('approved-first');
    expect((await loadApp(server, app.clientId)).scope).toBe('system/Patient.rs');
    expect((await decide(bob, app, 'approve', { version: 2 })).body.outcome).toBe('approved');
    expect((await loadApp(server, app.clientId)).scope).toBe('system/Patient.rs system/Observation.rs');
  });

  it('a backend app without a practice is not approved', async () => {
    const app = await submitBackend(server, dev);
    const { status, body } = await decide(ada, app, 'approve', { version: 1, practiceIds: [] });
    expect({ status, errors: body.errors }).toEqual({
      status: 400,
      errors: [{ field: 'practiceIds', message: 'Choose at least one practice.' }],
    });
  });
});

describe('rejection', () => {
  it('of a patient app requires doubts about authenticity or a security risk, never the merits of the app', async () => {
    const app = await submitApp(server, dev);
    for (const ground of ['other', 'terms-broken', 'asked-by-developer']) {
      const { status, body } = await decide(ada, app, 'reject', { version: 1, ground, text: 'We don’t like it.' });
      expect({ status, field: body.errors?.[0]?.field }).toEqual({ status: 400, field: 'ground' });
    }
    const { body } = await decide(ada, app, 'reject', { version: 1, ...REASON });
    expect({ state: body.state, versions: await versionsOf(app) }).toEqual({
      state: 'rejected',
      versions: ['1 rejected'],
    });
    const [mail] = await listEmails(server, dev.email);
    expect(mail?.text).toContain(REASON.text);
    expect(mail?.text).toContain('we could not verify your identity');
  });

  it('of a staff app may have other reasons, and always requires an explanation', async () => {
    const app = await submitApp(server, dev, { kind: 'staff', scope: 'launch user/Patient.rs' });
    const withoutText = await decide(ada, app, 'reject', { version: 1, ground: 'other', text: '  ' });
    expect({ status: withoutText.status, field: withoutText.body.errors?.[0]?.field }).toEqual({
      status: 400,
      field: 'text',
    });
    const { body } = await decide(ada, app, 'reject', { version: 1, ground: 'other', text: 'Not used here.' });
    expect(body.outcome).toBe('rejected');
  });

  it('of a change leaves the approved version working', async () => {
    const app = await submitApp(server, dev);
    await decide(ada, app, 'approve', { version: 1 });
    await submitChange(server, dev, app.clientId, { name: 'Bank of Pills' });
    const { body } = await decide(ada, app, 'reject', { version: 2, ...REASON });
    expect({ state: body.state, name: (await loadApp(server, app.clientId)).name }).toEqual({
      state: 'active',
      name: 'Pillbox',
    });
    expect(await versionsOf(app)).toEqual(['2 rejected', '1 approved']);
    expect(await emailsAbout('Your changes to Pillbox are not approved')).toMatchObject([
      { text: expect.stringContaining('still works as before') },
    ]);
  });
});

it('a question goes to the developers, and the clock keeps running', async () => {
  const app = await submitApp(server, dev);
  const { body: before } = await ada.call('GET', `/review/apps/${app.clientId}`);
  await decide(ada, app, 'ask', { version: 1, question: 'Who is <b>Acme</b>?' });
  const { body: shown } = await ada.call('GET', `/review/apps/${app.clientId}`);
  expect(shown.app.open).toMatchObject({ question: 'Who is <b>Acme</b>?', state: 'waiting' });
  expect(shown.app.clock).toEqual(before.app.clock);
  expect((await listEmails(server, dev.email))[0]?.text).toContain(
    'The deadline doesn’t change (Step 1: developer verification',
  );
  const { body: queue } = await ada.call('GET', `/review/queue?state=asked&organisation=${dev.organisationId}`);
  expect(queue.items).toMatchObject([{ clientId: app.clientId }]);
});

describe('suspension', () => {
  const connected = async () => {
    const app = await submitApp(server, dev);
    await decide(ada, app, 'approve', { version: 1 });
    const client = {
      client_id: app.clientId,
      client_secret: app.clientSecret,
      redirect_uri: 'https://app.example/callback',
    };
    const tokens = await connectApp(server.app, client, {}, { offline: 'yes' });
    const read = async () =>
      (await getFhir(server.app, `${R4}/Patient/${tokens.patient}`, tokens.access_token)).statusCode;
    const refresh = () =>
      requestToken(server.app, {
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token ?? '',
        client_id: client.client_id,
        client_secret: client.client_secret,
      });
    expect(await read()).toBe(200);
    return { app, read, refresh };
  };

  it('ends the app’s tokens within a second, reports how many, and its refresh token is rejected', async () => {
    const { app, read, refresh } = await connected();
    const { body: before } = await ada.call('GET', `/review/apps/${app.clientId}`);
    expect(before.connectedPatients).toBe(1);
    const { body } = await decide(ada, app, 'suspend', REASON);
    expect(body).toEqual({ state: 'suspended', outcome: 'suspended', endedTokens: 2, approval: null });
    server.clock.advance(seconds(1));
    expect(await read()).toBe(401);
    expect((await refresh()).status).not.toBe(200);
    expect(await emailsAbout('Pillbox is suspended')).toHaveLength(1);
    expect((await decide(ada, app, 'suspend', REASON)).body.code).toBe('conflict');
  });

  it('is undone by resuming: tokens that have not expired work again', async () => {
    const { app, read, refresh } = await connected();
    await decide(ada, app, 'suspend', REASON);
    server.clock.advance(seconds(1));
    expect(await read()).toBe(401);
    const { body } = await decide(ada, app, 'resume', {});
    expect(body).toMatchObject({ state: 'suspended', outcome: 'requested' });
    expect((await approveRequest(bob, body.approval)).status).toBe(200);
    server.clock.advance(seconds(1));
    expect(await read()).toBe(200);
    expect((await refresh()).status).toBe(200);
  });

  it('has the same grounds as rejection, because it has the same effect', async () => {
    const { app } = await connected();
    const { status } = await decide(ada, app, 'suspend', { ground: 'other', text: 'We don’t like it.' });
    expect({ status, state: await stateOf(app) }).toEqual({ status: 400, state: 'active' });
  });

  it('continues when a change of the app is approved', async () => {
    const { app } = await connected();
    await submitChange(server, dev, app.clientId, { name: 'Pillbox Pro' });
    await decide(ada, app, 'suspend', REASON);
    const { body } = await decide(ada, app, 'approve', { version: 2 });
    expect({ state: body.state, name: (await loadApp(server, app.clientId)).name }).toEqual({
      state: 'suspended',
      name: 'Pillbox Pro',
    });
  });

  it('cannot be undone for an app that was never approved', async () => {
    const app = await submitApp(server, dev);
    expect((await decide(ada, app, 'resume', {})).body.code).toBe('conflict');
    expect(await stateOf(app)).toBe('provisional');
  });
});

it('retiring is permanent, and closes pending versions', async () => {
  const app = await submitApp(server, dev);
  const { body } = await decide(ada, app, 'retire', { ground: 'asked-by-developer', text: 'As you wrote on Monday.' });
  await approveRequest(bob, body.approval);
  expect({ state: await stateOf(app), versions: await versionsOf(app) }).toEqual({
    state: 'retired',
    versions: ['1 withdrawn'],
  });
  for (const what of ['approve', 'verify']) {
    expect((await decide(ada, app, what, { version: 1 })).status).toBe(409);
  }
  const { body: shown } = await ada.call('GET', `/review/apps/${app.clientId}`);
  expect(shown.actions).toEqual([]);
});

describe('the right to decide', () => {
  const DECISIONS: readonly (readonly [string, object | undefined])[] = [
    ['verify', { version: 1 }],
    ['approve', { version: 1 }],
    ['reject', { version: 1, ...REASON }],
    ['ask', { version: 1, question: 'Who?' }],
    ['suspend', REASON],
    ['resume', {}],
    ['retire', REASON],
  ];

  it.each(DECISIONS)(
    '%s: is denied without a session, to the app’s developer, and without reauthentication',
    async (what, body) => {
      const app = await submitApp(server, dev);
      expect((await decide(apiCaller(server, undefined), app, what, body)).status).toBe(401);
      const own = await decide(dev, app, what, body);
      expect({ status: own.status, code: own.body.code }).toEqual({ status: 403, code: 'wrong-account' });
      const late = await signInReviewer(server, 'Late Min');
      await server.db.queryText('update session set proved_at = $2 where account_id = $1', [
        late.accountId,
        new Date(server.clock.now().getTime() - minutes(6)),
      ]);
      const stale = await decide(late, app, what, body);
      expect({ status: stale.status, code: stale.body.code }).toEqual({ status: 403, code: 'proof-needed' });
      const everyones = await signInReviewer(server, 'Every Min');
      await server.db.queryText('update account set published = true where account_id = $1', [everyones.accountId]);
      const known = await decide(everyones, app, what, body);
      expect({ status: known.status, code: known.body.code }).toEqual({ status: 403, code: 'not-changeable' });
      const nothing = await decide(ada, { ...app, clientId: 'nothing' as never }, what, body);
      expect(nothing.status).toBe(404);
      expect({ state: await stateOf(app), versions: await versionsOf(app) }).toEqual({
        state: 'provisional',
        versions: ['1 waiting'],
      });
    },
  );

  it('includes notes, which only administrators see, unchanged', async () => {
    const app = await submitApp(server, dev);
    const note = { content: '<img src=x onerror=alert(1)> called them' };
    expect((await decide(dev, app, 'notes', note)).status).toBe(403);
    expect((await decide(ada, app, 'notes', note)).body.notes).toMatchObject([{ who: 'Ada Min', ...note }]);
  });
});
