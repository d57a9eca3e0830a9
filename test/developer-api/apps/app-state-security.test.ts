import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approveVersion, findPendingVersion, unverifyOrganisation } from '../../../src/apps/index.ts';
import { systemRandom as random } from '../../../src/kernel/index.ts';
import {
  appDraft,
  backendDraft,
  getDeveloperApp,
  pngImage,
  putLogo,
  registerDraft,
  submitVersion,
} from '../../support/apps/app-drafts.ts';
import { setAppState } from '../../support/apps/apps.ts';
import { hasElement } from '../../support/browser/html.ts';
import {
  type ApiCaller,
  type Developer,
  signInDeveloper,
  signInReviewer,
} from '../../support/people/developer-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
let admin: ApiCaller & Pick<Developer, 'accountId'>;
beforeAll(async () => {
  server = await startServer({ PATIENT_APP_REVIEW: 'automatic' });
  dev = await signInDeveloper(server);
  admin = await signInReviewer(server);
});
afterAll(() => server.close());

const storedApp = async (clientId: string, columns: string) =>
  (await server.db.queryText(`select ${columns} from app where client_id = $1`, [clientId]))[0];

describe('a new logo changes nothing but the logo', () => {
  it('not the practices that the first of two administrators chose', async () => {
    const { clientId } = await registerDraft(dev, await backendDraft());
    const before = await storedApp(clientId, 'practice_ids');
    const { version = 0, logoVersion } = (await findPendingVersion(server.db, clientId)) ?? {};
    const reviewed = { clientId, version, logoVersion, by: admin.accountId, mayDecide: async () => true };
    const approving = { ...reviewed, practiceIds: [987_654 as never] };
    await server.db.transaction((tx) => approveVersion(tx, { clock: server.clock, random }, approving));
    expect((await putLogo(dev, clientId, pngImage())).status).toBe(200);
    expect(await storedApp(clientId, 'practice_ids')).toEqual(before);
  });

  it('not what an operator has revoked since', async () => {
    const { clientId } = await registerDraft(dev);
    await server.db.queryText("update app set state = 'active', may_introspect = true where client_id = $1", [
      clientId,
    ]);
    await server.db.queryText("update app_version set state = 'approved' where client_id = $1", [clientId]);
    await submitVersion(dev, clientId, { name: 'Waits' });
    await server.db.queryText('update app set may_introspect = false, require_aud = true where client_id = $1', [
      clientId,
    ]);
    const { body } = await putLogo(dev, clientId, pngImage());
    expect([...body.waits].sort()).toEqual(['logo', 'name']);
    expect(await storedApp(clientId, 'may_introspect, require_aud')).toEqual({
      may_introspect: false,
      require_aud: true,
    });
  });
});

describe('the verification of a developer', () => {
  it('is no longer shown once it is withdrawn, whatever was registered or changed meanwhile', async () => {
    const maker = await signInDeveloper(server, { verified: true });
    const { clientId } = await registerDraft(maker);
    await submitVersion(maker, clientId, { description: 'Other.' });
    await server.db.transaction((tx) => unverifyOrganisation(tx, maker.organisationId));
    const { status, body } = await maker.call('POST', '/developer/preview', {
      draft: appDraft(),
      language: 'en',
      clientId,
    });
    expect({ status, kept: await storedApp(clientId, 'verified_at') }).toEqual({
      status: 200,
      kept: { verified_at: null },
    });
    expect(hasElement(body.html, '[class*=verified]')).toBe(false);
  });
});

describe('automatic review', () => {
  it('leaves an app to administrators once one of them has suspended it', async () => {
    const maker = await signInDeveloper(server, { verified: true });
    const app = await registerDraft(maker);
    const decide = (what: string, body?: object) => admin.call('POST', `/review/apps/${app.clientId}/${what}`, body);
    const stopped = await decide('suspend', { ground: 'security-risk', text: 'Leaks codes.' });
    expect(stopped.status).toBe(200);
    await submitVersion(maker, app.clientId, { redirectUris: ['https://other.example/cb'] });
    await setAppState(server, app as never, 'active');
    const { body } = await submitVersion(maker, app.clientId, { description: 'Other.' });
    expect({ waits: body.waits, redirectUris: body.app.terms.redirectUris }).toEqual({
      waits: ['redirectUris'],
      redirectUris: app.app.terms.redirectUris,
    });
  });
});

describe('text that PostgreSQL cannot store is rejected', () => {
  it.each(['a\u0000b', 'half \ud800'])('in an answer to a question', async (text) => {
    const { clientId } = await registerDraft(dev);
    await server.db.queryText("update app_version set question = 'Who?', asked_at = now() where client_id = $1", [
      clientId,
    ]);
    expect((await dev.call('POST', `/developer/apps/${clientId}/answer`, { text })).status).toBeLessThan(500);
  });

  it.each(['https://k.example/\u0000', 'https://k.example/\ud800', 'https://k.example/a b'])(
    'in the URL of keys',
    async (jwksUri) => {
      const { clientId } = await registerDraft(dev);
      const body = { auth: 'private_key_jwt', jwksUri };
      const { status, body: answer } = await dev.call('PATCH', `/developer/apps/${clientId}/auth`, body);
      expect({ status, field: answer.errors?.[0].field }).toEqual({ status: 400, field: 'jwksUri' });
    },
  );

  it.each(['a\u0000b', 'half \ud800'])('in the name of a secret', async (name) => {
    const { clientId } = await registerDraft(dev);
    expect((await dev.call('POST', `/developer/apps/${clientId}/secrets`, { name })).status).toBe(201);
  });
});

describe('when two members change an app concurrently', () => {
  it('the later one is notified that their form is outdated', async () => {
    const { clientId } = await registerDraft(dev);
    const { terms, revision } = await getDeveloperApp(dev, clientId);
    const at = `/developer/apps/${clientId}/versions`;
    const first = await dev.call('POST', at, { draft: { ...terms, description: 'First.' }, revision });
    expect({ status: first.status, isRevisionKept: first.body.app.revision === revision }).toEqual({
      status: 200,
      isRevisionKept: false,
    });
    const second = await dev.call('POST', at, { draft: { ...terms, website: 'https://second.example/' }, revision });
    expect({ status: second.status, code: second.body.code }).toEqual({ status: 409, code: 'conflict' });
    expect((await getDeveloperApp(dev, clientId)).terms).toMatchObject({
      description: 'First.',
      website: terms.website,
    });
    const again = { draft: { ...terms, description: 'Second.' }, revision: first.body.app.revision };
    expect((await dev.call('POST', at, again)).status).toBe(200);
  });
});
