import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../src/kernel/index.ts';
import type { AppLogItem, NotificationResponse, UsageResponse } from '../../../src/portal-api/index.ts';
import type { ApiCaller } from '../../support/people/developer-portal.ts';
import { OAUTH } from '../../support/people/patient.ts';
import { signInSandboxDeveloper } from '../../support/people/sandbox-developer.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

interface OwnApp {
  readonly clientId: string;
  readonly organisationId: string;
  readonly name: string;
  readonly state: string;
}

let server: TestServer;
let visitor: ApiCaller;
let apps: readonly OwnApp[];
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  // The limit of visitors in an hour doesn't carry over from one test to the next.
  server.clock.advance(hours(1) + 1);
  visitor = await signInSandboxDeveloper(server);
  apps = await listApps(visitor);
});

const listApps = async (caller: ApiCaller): Promise<readonly OwnApp[]> =>
  (await caller.call('GET', '/developer/apps')).body;
const appNamed = (wanted: string, of = apps): OwnApp => {
  const found = of.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`no app is called ${wanted}`);
  return found;
};
const path = (name: string, rest = ''): string => `/developer/apps/${appNamed(name).clientId}${rest}`;
const readApp = async (name: string) => (await visitor.call('GET', path(name))).body;

describe('the made-up organization', () => {
  it('has apps in use, in review, with a question and with a rejected version', async () => {
    const states = await Promise.all(
      apps.map(async ({ name }) => {
        const { state, open, versions } = await readApp(name);
        return [name, state, open?.state, open?.question !== null && open !== null, versions[0].state];
      }),
    );
    expect(states.sort()).toEqual([
      ['Dose Diary', 'provisional', 'waiting', true, 'waiting'],
      ['Glucose Graph', 'active', undefined, false, 'rejected'],
      ['Larkspur Records', 'active', 'waiting', false, 'waiting'],
    ]);
  });

  it('notifies of decisions, rising errors and an expiring secret', async () => {
    const { notifications, unread } = (await visitor.call('GET', '/developer/notifications')).body;
    expect(unread).toBe(notifications.length);
    expect(new Set(notifications.map(({ kind }: NotificationResponse) => kind))).toEqual(
      new Set(['verified', 'approved', 'rejected', 'asked', 'secret-expiring', 'errors-rising']),
    );
    const rising = notifications.find(({ kind }: NotificationResponse) => kind === 'errors-rising');
    expect(rising).toMatchObject({ appName: 'Glucose Graph', errors: { period: 'hour' } });
    expect(rising.errors.errors).toBeGreaterThanOrEqual(20);
  });

  it('is a member’s, with the name of a made-up colleague', async () => {
    const { organisations } = (await visitor.call('GET', '/developer/organisations')).body;
    const { members } = (await visitor.call('GET', `/developer/organisations/${organisations[0].organisationId}`)).body;
    expect(members.map(({ name, you }: { name: string; you: boolean }) => [name, you]).sort()).toEqual([
      ['Lena Ortiz', false],
      ['Sandbox Developer', true],
    ]);
  });
});

describe('the made-up activity', () => {
  const usage = async (query: string): Promise<UsageResponse> =>
    (await visitor.call('GET', path('Larkspur Records', `/usage?${query}`))).body;

  it('covers two weeks up to now, and nothing after', async () => {
    const { buckets, totals, funnel, firstCallAt } = await usage('days=30');
    const used = buckets.filter(({ calls }) => calls > 0);
    expect(used.length).toBeGreaterThanOrEqual(13);
    expect(used.length).toBeLessThanOrEqual(14);
    expect(buckets.at(-15)?.calls).toBe(0);
    expect(totals.errors).toBeGreaterThan(5);
    expect(new Date(firstCallAt ?? 0) < new Date(used[0]?.at ?? 0)).toBe(true);
    const [opened = 0, , , allowed = 0] = funnel.map(({ count }) => count);
    expect(opened).toBeGreaterThan(allowed);
    const { items } = (await visitor.call('GET', path('Larkspur Records', '/log'))).body;
    expect(new Date(items[0].at) <= server.clock.now()).toBe(true);
  });

  it('adds up: the log has each request that the usage counts, about sandbox patients only', async () => {
    const { totals, buckets } = await usage('days=14');
    const items: AppLogItem[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const query: string = next === '' ? '' : `&before=${next}`;
      const { body } = await visitor.call('GET', path('Larkspur Records', `/log?limit=200${query}`));
      items.push(...body.items);
      next = body.next;
    }
    expect(items.filter(({ endpoint }) => endpoint === 'fhir-r4')).toHaveLength(totals.calls);
    expect(items.filter(({ error }) => error !== null)).toHaveLength(totals.errors);
    const patients = items.flatMap(({ at, patient, patients: sent }) =>
      patient === null || sent === 0 ? [] : [`${at.slice(0, 10)} ${patient.id}`],
    );
    expect(new Set(patients).size).toBe(buckets.reduce((sum, one) => sum + (one.patients ?? 0), 0));
    expect(items.filter(({ patient }) => patient?.live === true)).toEqual([]);
    const filtered = await visitor.call('GET', path('Larkspur Records', '/log?outcome=refused&limit=200'));
    expect(filtered.body.items).toHaveLength(totals.errors);
  });

  it('is the same for each visitor, and isn’t among the activity of real apps', async () => {
    const other = await signInSandboxDeveloper(server);
    const theirs = appNamed('Larkspur Records', await listApps(other)).clientId;
    expect(theirs).not.toBe(appNamed('Larkspur Records').clientId);
    const { body } = await other.call('GET', `/developer/apps/${theirs}/usage?days=14`);
    expect(body).toEqual(await usage('days=14'));
    for (const table of ['app_request', 'app_usage', 'app_usage_patient'])
      expect(await server.db.queryText(`select from ${table}`, [])).toEqual([]);
  });
});

describe('changes of the sandbox’s developer', () => {
  it('edit an app, submit a version, rotate a secret and answer a question as real ones do', async () => {
    const { terms: draft, revision, secrets } = await readApp('Larkspur Records');
    const edited = {
      ...draft,
      description: 'Your record on your phone.',
      scope: `${draft.scope} patient/Procedure.rs`,
    };
    const changed = await visitor.call('POST', path('Larkspur Records', '/versions'), { draft: edited, revision });
    expect(changed.body).toMatchObject({ applied: ['description'], waits: ['scope'] });
    const made = await visitor.call('POST', path('Larkspur Records', '/secrets'), { name: 'New', days: 90 });
    expect(made.status).toBe(201);
    const old = path('Larkspur Records', `/secrets/${secrets[0].secretId}`);
    expect((await visitor.call('DELETE', old)).body.secrets).toMatchObject([{ name: 'New' }]);
    const answered = await visitor.call('POST', path('Dose Diary', '/answer'), { text: 'No, never.' });
    expect(answered.body.open.question).toBeNull();
    expect((await visitor.call('POST', path('Glucose Graph', '/retire'))).body.state).toBe('retired');
  });

  it('rename the organization and read notifications, for this visitor only', async () => {
    const other = await signInSandboxDeveloper(server);
    await listApps(other);
    const { organisationId } = appNamed('Dose Diary');
    const renamed = await visitor.call('PATCH', `/developer/organisations/${organisationId}`, {
      name: 'Renamed Health',
    });
    expect(renamed.body).toMatchObject({ name: 'Renamed Health', verifiedAt: null });
    expect((await visitor.call('POST', '/developer/notifications/read', {})).body.unread).toBe(0);
    expect((await other.call('GET', '/developer/notifications/unread')).body.unread).toBeGreaterThan(5);
    expect((await other.call('GET', '/session')).body.person.memberships).toMatchObject([
      { organisationName: 'Larkspur Health', verified: true },
    ]);
    expect((await other.call('POST', `/developer/organisations/${organisationId}/leave`)).status).toBe(403);
    expect((await other.call('GET', path('Dose Diary'))).status).toBe(404);
  });

  it('register an app whose secret signs no one in', async () => {
    const { organisationId, clientId } = appNamed('Larkspur Records');
    const { terms: draft } = await readApp('Larkspur Records');
    const made = await visitor.call('POST', '/developer/apps', {
      organisationId,
      draft: { ...draft, name: 'One more' },
    });
    expect(made.status).toBe(201);
    expect(await listApps(visitor)).toHaveLength(4);
    for (const [client_id, client_secret] of [
      [made.body.app.clientId, made.body.clientSecret],
      [clientId, (await visitor.call('POST', path('Larkspur Records', '/secrets'), {})).body.clientSecret],
    ]) {
      expect(typeof client_secret).toBe('string');
      const response = await server.app.inject({
        method: 'POST',
        url: `${OAUTH}/token`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({
          grant_type: 'authorization_code',
          code: 'x',
          client_id,
          client_secret,
        }).toString(),
      });
      expect(response.json().error).toBe('invalid_client');
    }
  });

  it('email no one, and are in the audit log as made up', async () => {
    const { clientId, organisationId } = appNamed('Dose Diary');
    await visitor.call('POST', path('Dose Diary', '/withdraw'));
    await visitor.call('POST', path('Dose Diary', '/retire'));
    const { members } = (await visitor.call('GET', `/developer/organisations/${organisationId}`)).body;
    const colleague = members.find(({ you }: { you: boolean }) => !you).accountId;
    const removed = await visitor.call('DELETE', `/developer/organisations/${organisationId}/members/${colleague}`);
    expect(removed.status).toBe(204);
    expect(await server.db.queryText('select from mail', [])).toEqual([]);
    const events = await server.db.queryText<{ what: string }>(
      `select concat_ws(' ', e.detail ->> 'action', a.username, e.record_id, e.detail ->> 'madeUp') as what
       from audit_event e join account a on a.account_id = e.account_id
       where e.client_id = $1 or e.detail ->> 'organisationId' = $2 order by e.at, 1`,
      [clientId, organisationId],
    );
    expect(events.map(({ what }) => what)).toEqual(['retired developerapitest true', 'remove developerapitest true']);
  });

  it('need a recent confirmation of the published password where they would end credentials', async () => {
    server.clock.advance(minutes(6));
    expect((await visitor.call('POST', path('Larkspur Records', '/secrets'), {})).body.code).toBe('proof-needed');
  });

  it('end when the visitor starts over', async () => {
    await visitor.call('POST', path('Dose Diary', '/retire'));
    expect((await visitor.call('POST', '/developer/made-up/start-over')).status).toBe(204);
    expect((await visitor.call('GET', path('Dose Diary'))).status).toBe(404);
    expect(appNamed('Dose Diary', await listApps(visitor)).state).toBe('provisional');
  });
});
