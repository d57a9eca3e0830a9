import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRandom as random } from '../../src/kernel/index.ts';
import { approveVersion, findOpenVersion, unverifyOrganisation } from '../../src/registry/index.ts';
import { setState } from '../support/apps.ts';
import { backend, draft, handIn, png, putLogo, register, show } from '../support/drafts.ts';
import { hasElement } from '../support/html.ts';
import { type ApiCaller, type Developer, developer, reviewer } from '../support/portal.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let dev: Developer;
let admin: ApiCaller & Pick<Developer, 'accountId'>;
beforeAll(async () => {
  server = await startServer({ PATIENT_APP_REVIEW: 'automatic' });
  dev = await developer(server);
  admin = await reviewer(server);
});
afterAll(() => server.close());

const storedApp = async (clientId: string, columns: string) =>
  (await server.db.queryText(`select ${columns} from app where client_id = $1`, [clientId]))[0];

describe('a new logo changes nothing but the logo', () => {
  it('not the practices that the first of two administrators chose', async () => {
    const { clientId } = await register(dev, await backend());
    const before = await storedApp(clientId, 'practice_ids');
    const { version = 0, logoVersion } = (await findOpenVersion(server.db, clientId)) ?? {};
    const reviewed = { clientId, version, logoVersion, by: admin.accountId, mayDecide: async () => true };
    const approving = { ...reviewed, practiceIds: [987_654 as never] };
    await server.db.transaction((tx) => approveVersion(tx, { clock: server.clock, random }, approving));
    expect((await putLogo(dev, clientId, png())).status).toBe(200);
    expect(await storedApp(clientId, 'practice_ids')).toEqual(before);
  });

  it('not what an operator has revoked since', async () => {
    const { clientId } = await register(dev);
    await server.db.queryText("update app set state = 'active', may_introspect = true where client_id = $1", [
      clientId,
    ]);
    await server.db.queryText("update app_version set state = 'approved' where client_id = $1", [clientId]);
    await handIn(dev, clientId, { name: 'Waits' });
    await server.db.queryText('update app set may_introspect = false, require_aud = true where client_id = $1', [
      clientId,
    ]);
    const { body } = await putLogo(dev, clientId, png());
    expect([...body.waits].sort()).toEqual(['logo', 'name']);
    expect(await storedApp(clientId, 'may_introspect, require_aud')).toEqual({
      may_introspect: false,
      require_aud: true,
    });
  });
});

describe('the verification of a developer', () => {
  it('is no longer shown once it is withdrawn, whatever was registered or changed meanwhile', async () => {
    const maker = await developer(server, { verified: true });
    const { clientId } = await register(maker);
    await handIn(maker, clientId, { description: 'Other.' });
    await server.db.transaction((tx) => unverifyOrganisation(tx, maker.organisationId));
    const { status, body } = await maker.call('POST', '/developer/preview', {
      draft: draft(),
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
    const maker = await developer(server, { verified: true });
    const app = await register(maker);
    const decide = (what: string, body?: object) => admin.call('POST', `/review/apps/${app.clientId}/${what}`, body);
    const stopped = await decide('suspend', { ground: 'security-risk', text: 'Leaks codes.' });
    expect(stopped.status).toBe(200);
    await handIn(maker, app.clientId, { redirectUris: ['https://other.example/cb'] });
    await setState(server, app as never, 'active');
    const { body } = await handIn(maker, app.clientId, { description: 'Other.' });
    expect({ waits: body.waits, redirectUris: body.app.terms.redirectUris }).toEqual({
      waits: ['redirectUris'],
      redirectUris: app.app.terms.redirectUris,
    });
  });
});

describe('text that PostgreSQL cannot store is rejected', () => {
  it.each(['a\u0000b', 'half \ud800'])('in an answer to a question', async (text) => {
    const { clientId } = await register(dev);
    await server.db.queryText("update app_version set question = 'Who?', asked_at = now() where client_id = $1", [
      clientId,
    ]);
    expect((await dev.call('POST', `/developer/apps/${clientId}/answer`, { text })).status).toBeLessThan(500);
  });

  it.each(['https://k.example/\u0000', 'https://k.example/\ud800', 'https://k.example/a b'])(
    'in the URL of keys',
    async (jwksUri) => {
      const { clientId } = await register(dev);
      const body = { auth: 'private_key_jwt', jwksUri };
      const { status, body: answer } = await dev.call('PATCH', `/developer/apps/${clientId}/auth`, body);
      expect({ status, field: answer.errors?.[0].field }).toEqual({ status: 400, field: 'jwksUri' });
    },
  );

  it.each(['a\u0000b', 'half \ud800'])('in the name of a secret', async (name) => {
    const { clientId } = await register(dev);
    expect((await dev.call('POST', `/developer/apps/${clientId}/secrets`, { name })).status).toBe(201);
  });
});

describe('when two members change an app concurrently', () => {
  it('the later one is notified that their form is outdated', async () => {
    const { clientId } = await register(dev);
    const { terms, revision } = await show(dev, clientId);
    const at = `/developer/apps/${clientId}/versions`;
    const first = await dev.call('POST', at, { draft: { ...terms, description: 'First.' }, revision });
    expect([first.status, first.body.app.revision === revision]).toEqual([200, false]);
    const second = await dev.call('POST', at, { draft: { ...terms, website: 'https://second.example/' }, revision });
    expect({ status: second.status, code: second.body.code }).toEqual({ status: 409, code: 'conflict' });
    expect((await show(dev, clientId)).terms).toMatchObject({ description: 'First.', website: terms.website });
    const again = { draft: { ...terms, description: 'Second.' }, revision: first.body.app.revision };
    expect((await dev.call('POST', at, again)).status).toBe(200);
  });
});
