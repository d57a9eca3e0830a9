import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { days } from '../../../src/kernel/index.ts';
import { addApp } from '../../support/apps/apps.ts';
import { listEmails, type SubmittedApp, submitApp, submitBackend, submitChange } from '../../support/apps/review.ts';
import { createSigningKeys } from '../../support/apps/signing-keys.ts';
import { type Developer, signInDeveloper, signInReviewer } from '../../support/people/developer-portal.ts';
import { type PageServer, servePages } from '../../support/servers/page-server.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let pages: PageServer;
let dev: Developer;
let ada: Awaited<ReturnType<typeof signInReviewer>>;
let first: SubmittedApp;
let changed: SubmittedApp;
let backend: SubmittedApp;
beforeAll(async () => {
  const { jwks } = await createSigningKeys('RS384');
  pages = await servePages(
    new Map([
      ['/policy', '<h1>Privacy</h1>'],
      ['/keys.js', JSON.stringify(jwks)],
      ['/no-keys.js', '{"keys":[]}'],
    ]),
  );
  server = await startServer();
  ada = await signInReviewer(server);
  dev = await signInDeveloper(server);
  changed = await submitApp(server, dev, { name: 'Changed app' });
  await ada.call('POST', `/review/apps/${changed.clientId}/approve`, { version: 1 });
  await submitChange(server, dev, changed.clientId, { name: 'Changed application' });
  server.clock.advance(days(5));
  // The session of the administrator has expired, because the clock was advanced.
  ada = await signInReviewer(server);
  backend = await submitBackend(server, dev, { name: 'Back office' });
  first = await submitApp(server, dev, { name: 'First app' });
});
afterAll(async () => {
  await server.close();
  await pages.close();
});

const namesIn = async (query: string): Promise<string[]> => {
  const { body } = await ada.call('GET', `/review/queue?${query}`);
  return body.items.map(({ name }: { name: string }) => name);
};

describe('the review queue', () => {
  it('lists pending apps, the most urgent first, with counts of all', async () => {
    const { body } = await ada.call('GET', '/review/queue');
    expect(body.items.map(({ name }: { name: string }) => name)[0]).toBe('Changed app');
    expect(body.items).toHaveLength(3);
    expect(body).toMatchObject({ mode: 'manual', counts: { waiting: 3, verified: 0, asked: 0, late: 0 } });
    const item = body.items.find(({ clientId }: { clientId: string }) => clientId === backend.clientId);
    expect(item).toMatchObject({ needsTwo: true, approvedFirstBy: null, isChange: false, kind: 'backend' });
    expect(item.clock).toMatchObject({ step: 'verify', businessDays: 10 });
  });

  it('is filtered by kind, organization, changes, clock and words', async () => {
    expect(await namesIn('kind=backend')).toEqual(['Back office']);
    expect(await namesIn('changes=true')).toEqual(['Changed app']);
    expect(await namesIn('text=FIRST')).toEqual(['First app']);
    expect(await namesIn(`text=${first.clientId}`)).toEqual(['First app']);
    expect(await namesIn(`organisation=${dev.organisationId}`)).toHaveLength(3);
    expect(await namesIn('organisation=00000000-0000-4000-8000-000000000000')).toEqual([]);
    expect(await namesIn('standing=late')).toEqual([]);
    expect(await namesIn('state=verified')).toEqual([]);
    expect((await ada.call('GET', '/review/queue?state=nonsense')).status).toBe(400);
  });

  it('is sorted by deadline, name or submission, and has pages', async () => {
    expect(await namesIn('sort=name')).toEqual(['Back office', 'Changed app', 'First app']);
    expect((await namesIn('sort=newest')).at(-1)).toBe('Changed app');
    expect(await namesIn('sort=name&limit=2&page=2')).toEqual(['First app']);
    const { body } = await ada.call('GET', '/review/queue?limit=1');
    expect({ shown: body.items.length, found: body.found }).toEqual({ shown: 1, found: 3 });
    expect((await ada.call('GET', '/review/queue?page=0')).status).toBe(400);
  });
});

it('all apps and all organizations have an order and pages', async () => {
  // App 2 comes before App 10.
  const { compare: compareNames } = new Intl.Collator('en', { sensitivity: 'base', numeric: true });
  for (const [path, list] of [
    ['/review/apps', 'apps'],
    ['/review/organisations', 'organisations'],
  ] as const) {
    const read = async (query: string) => (await ada.call('GET', `${path}?${query}`)).body;
    const all = (await read('sort=name&limit=200'))[list].map(({ name }: { name: string }) => name);
    expect(all, path).toEqual(all.toSorted(compareNames));
    const second = await read('sort=name&limit=1&page=2');
    expect({ names: second[list].map(({ name }: { name: string }) => name), found: second.found }, path).toEqual({
      names: all.slice(1, 2),
      found: all.length,
    });
  }
});

it('apps sorted by relevance begin with those whose name contains the text', async () => {
  const { client_id } = await addApp(server, { name: 'The makers’ own' });
  const { body } = await ada.call('GET', '/review/apps?text=maker&sort=relevance');
  expect(body.found).toBeGreaterThan(1);
  expect(body.apps[0]).toMatchObject({ clientId: client_id });
  expect(body.apps.slice(1).every(({ name }: { name: string }) => !/maker/i.test(name))).toBe(true);
});

it('can list all apps, including those without an organization', async () => {
  const { client_id } = await addApp(server, { name: 'By hand' });
  const { body } = await ada.call('GET', '/review/apps?text=by%20hand');
  expect(body.apps).toMatchObject([{ clientId: client_id, state: 'active', organisation: null, clock: null }]);
  expect((await ada.call('GET', '/review/apps?state=suspended')).body.apps).toEqual([]);
  const { body: shown } = await ada.call('GET', `/review/apps/${client_id}`);
  expect(shown).toMatchObject({ people: [], versions: [], actions: ['suspend', 'retire'] });
});

it('an app’s page has what a decision needs', async () => {
  const { body } = await ada.call('GET', `/review/apps/${backend.clientId}`);
  expect(body).toMatchObject({
    people: [{ name: 'Dev Eloper', email: dev.email, role: 'administrator' }],
    approved: null,
    grounds: { reject: ['authenticity', 'security-risk', 'terms-broken', 'other'] },
    actions: ['verify', 'approve', 'ask', 'reject', 'retire'],
    practices: [
      { kind: 'sandbox', chosen: true },
      { kind: 'live', chosen: false },
      { kind: 'sandbox', chosen: false },
    ],
  });
});

describe('review checks', () => {
  // These tests have their own server, because the apps that they submit would be in the review queue.
  let server: TestServer;
  let dev: Developer;
  let ada: Awaited<ReturnType<typeof signInReviewer>>;
  beforeAll(async () => {
    server = await startServer({ TRUSTED_JWKS_HOSTS: new URL(pages.origin).host });
    ada = await signInReviewer(server);
    dev = await signInDeveloper(server);
  });
  afterAll(() => server.close());

  const checksOf = async (changes: object, maker = dev) => {
    const app = await submitApp(server, maker, changes);
    const { status, body } = await ada.call('POST', `/review/apps/${app.clientId}/checks`);
    expect(status).toBe(200);
    return body.checks.map(
      (one: { check: string; finding: string; ok: boolean | null }) => `${one.check} ${one.finding} ${one.ok}`,
    );
  };

  it('compare the organization’s domain with each URL by registrable domain', async () => {
    const domain = dev.email.split('@')[1];
    const redirectUris = [`https://login.${domain}/cb`, 'https://elsewhere.example/cb', 'com.pillbox.app:/cb'];
    expect(await checksOf({ redirectUris })).toEqual([
      'domain same-domain true',
      'domain other-domain null',
      'redirect rules-kept true',
      'redirect rules-kept true',
      'redirect own-scheme null',
      'policy not-given null',
      'website not-given null',
    ]);
  });

  it('treat each name under a public suffix as a different owner', async () => {
    const maker = await signInDeveloper(server);
    await server.db.queryText("update organisation set domain = 'me.github.io' where organisation_id = $1", [
      maker.organisationId,
    ]);
    const redirectUris = ['https://you.github.io/cb', 'http://localhost:3000/cb'];
    expect((await checksOf({ redirectUris }, maker)).slice(0, 3)).toEqual([
      'domain other-domain null',
      'redirect rules-kept true',
      'redirect loopback null',
    ]);
  });

  it('warn that all redirect URIs of the version are on localhost', async () => {
    const localOnly = async (redirectUris: readonly string[]): Promise<boolean> => {
      const { clientId } = await submitApp(server, dev, { redirectUris: [...redirectUris] });
      return (await ada.call('GET', `/review/apps/${clientId}`)).body.localOnly;
    };
    const local = ['http://localhost:3000/callback', 'http://[::1]/callback'];
    expect(await localOnly(local)).toBe(true);
    expect(await localOnly([...local, 'https://app.example/callback'])).toBe(false);
  });

  it('fetch policy, website and keys over the public internet, never from the local network', async () => {
    const metadata = { policy_uri: `${pages.origin}/policy`, client_uri: `${pages.origin}/nothing` };
    expect((await checksOf({ metadata })).slice(-2)).toEqual(['policy answers true', 'website does-not-answer false']);
    const inside = { policy_uri: 'https://127.0.0.1/policy', client_uri: 'https://169.254.169.254/' };
    expect((await checksOf({ metadata: inside })).slice(-2)).toEqual([
      'policy does-not-answer false',
      'website does-not-answer false',
    ]);
  });

  it.each([
    ['/keys.js', 'keys keys-usable true'],
    ['/no-keys.js', 'keys keys-unusable false'],
    ['/policy', 'keys keys-unusable false'],
    ['/nothing', 'keys does-not-answer false'],
  ])('keys at %s: %s', async (path, expected) => {
    const app = await submitApp(server, dev, {
      auth: 'private_key_jwt' as const,
      jwks: (await createSigningKeys('ES384')).jwks,
    });
    await server.db.queryText(
      `update app_version set terms = (terms - 'jwks') || jsonb_build_object('jwksUri', $2::text) where client_id = $1`,
      [app.clientId, `${pages.origin}${path}`],
    );
    const { body } = await ada.call('POST', `/review/apps/${app.clientId}/checks`);
    const { check, finding, ok } = body.checks.at(-1);
    expect(`${check} ${finding} ${ok}`).toBe(expected);
  });
});

describe('organizations', () => {
  it('can be verified and unverified by administrators, who see the existing data', async () => {
    const other = await signInDeveloper(server);
    const path = `/review/organisations/${other.organisationId}`;
    const seen = { name: `Maker ${other.email.split('@')[1]}` };
    expect((await other.call('POST', `${path}/verify`, seen)).status).toBe(403);
    expect((await ada.call('POST', `${path}/verify`, seen)).status).toBe(200);
    const queueFor = async (query: string) =>
      (await ada.call('GET', `/review/organisations?${query}`)).body.organisations.map(
        ({ organisationId }: { organisationId: string }) => organisationId,
      );
    expect(await queueFor('verified=true')).toContain(other.organisationId);
    expect((await ada.call('POST', `${path}/unverify`)).status).toBe(200);
    expect(await queueFor('verified=false')).toContain(other.organisationId);
    const unknown = '/review/organisations/00000000-0000-4000-8000-000000000000/verify';
    expect((await ada.call('POST', unknown, seen)).status).toBe(404);
  });
});

it('administrators are warned once for each clock when two business days are left', async () => {
  const server = await startServer();
  onTestFinished(() => server.close());
  const ada = await signInReviewer(server);
  const dev = await signInDeveloper(server);
  const email = 'ada@review.example';
  await server.db.queryText('update account set email = $2 where account_id = $1', [ada.accountId, email]);
  const app = await submitApp(server, dev, { name: 'Due app' });
  const subjects = async () =>
    (await listEmails(server, email)).map(({ subject }) => subject).filter((one) => /Due app/.test(one));
  await server.purgeExpired();
  expect(await subjects()).toEqual([]);
  server.clock.advance(days(15));
  await Promise.all([server.purgeExpired(), server.purgeExpired()]);
  await server.purgeExpired();
  expect(await subjects()).toEqual([expect.stringContaining('Review: Due app is due by')]);

  const bob = await signInReviewer(server, 'Bob Min');
  const { body } = await bob.call('GET', `/review/apps/${app.clientId}`);
  expect(['soon', 'late']).toContain(body.app.clock.standing);
  await bob.call('POST', `/review/apps/${app.clientId}/verify`, { version: 1 });
  await server.purgeExpired();
  expect(await subjects()).toHaveLength(1);
  server.clock.advance(days(9));
  await server.purgeExpired();
  await server.purgeExpired();
  expect(await subjects()).toHaveLength(2);
  expect((await listEmails(server, email)).at(-1)?.text).toContain(`/review/apps/`);
});

it('PATIENT_APP_REVIEW=automatic: verifying an organization approves its pending patient apps, and others stay pending', async () => {
  const other = await startServer({ PATIENT_APP_REVIEW: 'automatic' });
  try {
    const maker = await signInDeveloper(other);
    const app = await submitApp(other, maker);
    const office = await submitBackend(other, maker);
    const who = await signInReviewer(other);
    const organisation = `Maker ${maker.email.split('@')[1]}`;
    const { body } = await who.call('POST', `/review/apps/${app.clientId}/verify`, { version: 1, organisation });
    expect(body).toMatchObject({ outcome: 'verified', state: 'active' });
    const { body: queue } = await who.call('GET', '/review/queue');
    expect({ mode: queue.mode, items: queue.items.map(({ clientId }: { clientId: string }) => clientId) }).toEqual({
      mode: 'automatic',
      items: [office.clientId],
    });
    expect((await listEmails(other, maker.email)).map(({ subject }) => subject).sort()).toEqual([
      'Pillbox is approved',
      'Pillbox: we verified your identity',
    ]);
  } finally {
    await other.close();
  }
});
