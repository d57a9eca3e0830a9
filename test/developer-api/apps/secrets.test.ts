import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeAppState } from '../../../src/apps/index.ts';
import { days } from '../../../src/kernel/index.ts';
import { getDeveloperApp, type RegisteredApp, registerDraft } from '../../support/apps/app-drafts.ts';
import { listEmails } from '../../support/apps/review.ts';
import { type Developer, signInDeveloper } from '../../support/people/developer-portal.ts';
import { connectApp, requestToken } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
/** Tests advance the clock, which ends sessions. */
beforeEach(async () => {
  dev = await signInDeveloper(server);
});

const add = (app: RegisteredApp, body: object = {}) =>
  dev.call('POST', `/developer/apps/${app.clientId}/secrets`, body);
const end = (app: RegisteredApp, secretId: string) =>
  dev.call('DELETE', `/developer/apps/${app.clientId}/secrets/${secretId}`);

describe('two live secrets', () => {
  it('allow rotation without a failed call: the token endpoint accepts both until the old one is ended', async () => {
    const app = await registerDraft(dev);
    let refresh = (await connectApp(server.app, app)).refresh_token ?? '';
    const refreshWith = async (client_secret: string) => {
      const { client_id } = app;
      const answer = await requestToken(server.app, {
        grant_type: 'refresh_token',
        refresh_token: refresh,
        client_id,
        client_secret,
      });
      refresh = answer.refresh_token ?? refresh;
      return answer.error ?? answer.status;
    };
    const added = await add(app, { name: 'Production 2027', days: 365 });
    expect({ status: added.status, name: added.body.name }).toEqual({ status: 201, name: 'Production 2027' });
    const [old] = app.app.secrets;
    const [first, second] = [app.client_secret, added.body.clientSecret];
    const outcomes: unknown[] = [];
    for (const secret of [first, second, first, second]) outcomes.push(await refreshWith(secret));
    expect(outcomes).toEqual([200, 200, 200, 200]);
    const { status, body } = await end(app, old?.secretId ?? '');
    expect({ status, secrets: body.secrets.map(({ name }: { name: string }) => name) }).toEqual({
      status: 200,
      secrets: ['Production 2027'],
    });
    server.clock.advance(1500);
    expect({ second: await refreshWith(second), first: await refreshWith(first) }).toEqual({
      second: 200,
      first: 'invalid_client',
    });
  });

  it('are the limit: one of many concurrent additions succeeds, and a third is rejected with instructions', async () => {
    const app = await registerDraft(dev);
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => add(app)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect((await add(app)).body.detail).toContain('End one of them first');
    expect((await getDeveloperApp(dev, app.clientId)).secrets).toHaveLength(2);
  });

  it('are displayed once, and are in no other response, log, audit log or history', async () => {
    const app = await registerDraft(dev);
    const { body } = await add(app, { name: 'Told once' });
    const [first, second] = [app.client_secret, body.clientSecret];
    const at = `/developer/apps/${app.clientId}`;
    const answers = [
      await dev.call('GET', at),
      await dev.call('GET', `${at}/history`),
      await dev.call('GET', '/developer/apps'),
    ];
    const rows = await server.db.queryText(
      'select (select json_agg(e) from app_event e)::text, (select json_agg(a) from audit_event a)::text, (select json_agg(v) from app_version v)::text',
      [],
    );
    const all = JSON.stringify([answers, rows, server.log]);
    for (const secret of [first, second]) {
      expect(secret).toMatch(/^[\w-]{43}$/);
      expect(all).not.toContain(secret);
    }
  });

  it('can be ended once each, only by developers of the app', async () => {
    const [mine, other] = [await registerDraft(dev), await registerDraft(await signInDeveloper(server))];
    const theirs = other.app.secrets[0]?.secretId ?? '';
    expect((await end(mine, theirs)).status).toBe(404);
    expect((await end(mine, 'nonsense')).status).toBe(404);
    const own = mine.app.secrets[0]?.secretId ?? '';
    const both = await Promise.all([end(mine, own), end(mine, own)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
    const rows = await server.db.queryText('select 1 from app_secret where secret_id = $1', [theirs]);
    expect(rows).toHaveLength(1);
  });

  it('exist only for apps with a secret, with an offered validity', async () => {
    const open = await registerDraft(dev, { auth: 'none' });
    const rejected = await add(open);
    expect({ status: rejected.status, detail: rejected.body.detail }).toEqual({
      status: 409,
      detail: expect.stringContaining('registered as public'),
    });
    const app = await registerDraft(dev);
    for (const body of [{ days: 0 }, { days: 400 }, { days: 1.5 }, { name: 'x'.repeat(61) }, { name: '' }, { more: 1 }])
      expect((await add(app, body)).status).toBe(400);
    const { body } = await add(app, { name: 'two\nlines \u202e', days: 30 });
    expect(body.name).toBe('two lines');
  });
});

describe('a secret that is about to expire', () => {
  it('is reported once, to those who can replace it, in their language', async () => {
    const owner = await signInDeveloper(server, { name: 'Owner' });
    const { organisationId } = owner;
    const colleague = await signInDeveloper(server, { organisationId, role: 'developer', name: 'Colega' });
    const reader = await signInDeveloper(server, { organisationId, role: 'reader' });
    await server.db.queryText("update account set language = 'es' where account_id = $1", [colleague.accountId]);
    const { clientId } = await registerDraft(owner, { name: 'Fades' }, { secretDays: 30 });
    await registerDraft(owner, { name: 'Stays' });
    await server.purgeExpired();
    expect(await listEmails(server, owner.email)).toEqual([]);

    server.clock.advance(days(17));
    await Promise.all([server.purgeExpired(), server.purgeExpired()]);
    await server.purgeExpired();
    const [mail, ...more] = await listEmails(server, owner.email);
    expect(more).toEqual([]);
    expect(mail?.subject).toMatch(/^A client secret for Fades expires on /);
    expect(mail?.text).toContain(`/developer/apps/${clientId}`);
    expect(mail?.text).toContain('Hello Owner');
    expect((await listEmails(server, colleague.email))[0]?.subject).toMatch(
      /^Un secreto de cliente de Fades vence el /,
    );
    expect(await listEmails(server, reader.email)).toEqual([]);
  });

  it('of a retired app is not reported', async () => {
    const owner = await signInDeveloper(server);
    const { clientId } = await registerDraft(owner, {}, { secretDays: 10 });
    await changeAppState(server.db, server.clock, clientId, 'retired');
    await server.purgeExpired();
    expect(await listEmails(server, owner.email)).toEqual([]);
  });
});
