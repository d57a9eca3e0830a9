import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSecret, changeAppState, endSecret, listSecrets, updateApp } from '../../../src/apps/index.ts';
import { type ClientId, hours } from '../../../src/kernel/index.ts';
import { readClaimedClientId } from '../../../src/oauth/clients/client-authentication.ts';
import { addApp } from '../../support/apps/apps.ts';
import {
  addAppWithKeys,
  assertionBody,
  authenticate,
  clientAuthFor,
  clock,
  closeClients,
  createSigner,
  ec,
  expectRejection,
  openClients,
  type PresentedRequest,
  presentClient,
  random,
  rsa,
  server,
  withAssertion,
} from '../../support/apps/client-authentication.ts';

beforeAll(openClients);
afterAll(closeClients);

describe('RFC 6749 §2.3.1: a client secret', () => {
  it('may come in the form, in the query, by Basic, or in any combination with equal values', async () => {
    const { client_id, client_secret } = await addApp(server);
    const basic = `${client_id}:${client_secret}`;
    const variants: PresentedRequest[] = [
      { body: { client_id, client_secret } },
      { query: { client_id, client_secret } },
      { query: { client_id }, body: { client_secret } },
      { query: { client_secret }, body: { client_id, client_secret } },
      { basic },
      { basic, body: { client_id } },
      { basic, query: { client_id, client_secret } },
    ];
    for (const variant of variants)
      expect((await authenticate(variant)).clientId, JSON.stringify(variant)).toBe(client_id);
  });
  it('§2.3.1: is form-encoded in Basic', async () => {
    const { client_id, client_secret } = await addApp(server);
    const encoded = [...client_secret].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
    expect((await authenticate({ basic: `${client_id}:${encoded}` })).clientId).toBe(client_id);
  });
  it('is rejected if its copies differ', async () => {
    const { client_id, client_secret } = await addApp(server);
    const basic = `${client_id}:${client_secret}`;
    expect(await expectRejection({ basic, body: { client_id: 'another' } })).toMatchObject({ code: 'invalid_request' });
    expect(await expectRejection({ basic, body: { client_secret: 'another' } })).toMatchObject({
      code: 'invalid_request',
    });
  });
  it('§5.2: that is missing, wrong or unreadable gets 401 invalid_client with an explanation', async () => {
    const { client_id } = await addApp(server);
    const messageFor = async (sent: PresentedRequest) => {
      const { code, status, message } = await expectRejection(sent);
      expect({ code, status }).toEqual({ code: 'invalid_client', status: 401 });
      return message;
    };
    expect(await messageFor({ body: { client_id } })).toContain('client_secret is missing');
    expect(await messageFor({ body: { client_id, client_secret: 'x' } })).toContain('wrong or has expired');
    expect(await messageFor({ body: { client_id: 'nobody', client_secret: 'x' } })).toContain('Unknown client_id');
    expect(await messageFor({ body: {} })).toContain('client_id is missing');
    expect(await messageFor({ body: assertionBody('x.y.z') })).toBe('client_assertion isn’t a signed JWT.');
    expect(await messageFor(await withAssertion('nobody'))).toContain(
      'Unknown client_id in sub of client_assertion: nobody',
    );
    expect(await messageFor(await withAssertion('nobody', { claims: { sub: undefined } }))).toContain(
      'client_assertion has no sub',
    );
    expect(await messageFor({ basic: 'no colon' })).toContain('Authorization header');
  });
  it('in the query is rejected where the operator disabled that, and reported as leaked', async () => {
    const { client_id, client_secret } = await addApp(server, { secretInQuery: false });
    for (const body of [{ client_id }, { client_id, client_secret }]) {
      const problem = await expectRejection({ query: { client_secret }, body });
      expect(problem).toMatchObject({ code: 'invalid_client', status: 401 });
      expect(problem.message).toContain('Treat this secret as leaked');
      expect(problem.message).not.toContain(client_secret);
    }
    expect((await authenticate({ body: { client_id, client_secret } })).clientId).toBe(client_id);
  });
});

describe('two live secrets', () => {
  it('are both valid, and a third cannot be added until one has expired', async () => {
    const { client_id, client_secret } = await addApp(server);
    const add = () => server.db.transaction((tx) => addSecret(tx, { clock, random }, client_id));
    clock.advance(1000);
    const second = (await add()).clientSecret;
    for (const secret of [client_secret, second]) {
      expect((await authenticate({ body: { client_id, client_secret: secret } })).clientId).toBe(client_id);
    }
    await expect(add()).rejects.toThrow('already has two secrets');
    const [first] = await listSecrets(server.db, clock, client_id);
    await endSecret(server.db, clock, client_id, first?.createdAt ?? new Date(0));
    clock.advance(1000);
    expect((await expectRejection({ body: { client_id, client_secret } })).code).toBe('invalid_client');
    expect((await authenticate({ body: { client_id, client_secret: second } })).clientId).toBe(client_id);
    await add();
  });
  it('only one of five concurrent requests can add the second secret', async () => {
    const { client_id } = await addApp(server);
    const add = () => server.db.transaction((tx) => addSecret(tx, { clock, random }, client_id));
    const results = await Promise.allSettled([add(), add(), add(), add(), add()]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await listSecrets(server.db, clock, client_id)).toHaveLength(2);
  });
  it('an expired secret is rejected and frees its place', async () => {
    const { client_id } = await addApp(server);
    const expiresAt = new Date(clock.now().getTime() + hours(24));
    const add = () => server.db.transaction((tx) => addSecret(tx, { clock, random }, client_id, { expiresAt }));
    const { clientSecret } = await add();
    expect((await authenticate({ body: { client_id, client_secret: clientSecret } })).clientId).toBe(client_id);
    clock.advance(hours(24));
    expect((await expectRejection({ body: { client_id, client_secret: clientSecret } })).message).toContain('expired');
    await expect(add()).rejects.toThrow('in the future');
    expect(await listSecrets(server.db, clock, client_id)).toHaveLength(1);
  });
  it('exist only for apps that use a secret', async () => {
    const { client_id } = await addApp(server, { auth: 'none' });
    const adding = server.db.transaction((tx) => addSecret(tx, { clock, random }, client_id));
    await expect(adding).rejects.toThrow('registered as public');
  });
});

describe('a public client', () => {
  it('identifies itself without proof, and its token alone can identify it', async () => {
    const { client_id } = await addApp(server, { auth: 'none' });
    expect((await authenticate({ body: { client_id } })).clientId).toBe(client_id);
    expect((await authenticate({ fallbackClientId: client_id })).clientId).toBe(client_id);
  });
  it('has no keys to sign with', async () => {
    const { client_id } = await addApp(server, { auth: 'none' });
    expect((await expectRejection(await withAssertion(client_id))).message).toContain('registered as public');
  });
  it('a confidential app is not treated as public, whatever token it holds', async () => {
    const { client_id } = await addApp(server);
    expect((await expectRejection({ fallbackClientId: client_id })).message).toContain('client_secret is missing');
    const keyed = await addAppWithKeys(rsa);
    expect((await expectRejection({ fallbackClientId: keyed.client_id })).message).toContain(
      'client_assertion is missing',
    );
  });
});

describe('the state of an app', () => {
  it('active and provisional apps are accepted, all others are rejected', async () => {
    const { client_id, client_secret } = await addApp(server, { state: 'provisional' });
    const body = { client_id, client_secret };
    expect((await authenticate({ body })).state).toBe('provisional');
    const steps = [
      ['rejected', 'rejected'],
      ['provisional', undefined],
      ['active', undefined],
      ['suspended', 'suspended'],
      ['retired', 'retired'],
    ] as const;
    for (const [state, word] of steps) {
      await changeAppState(server.db, clock, client_id, state);
      clock.advance(1000);
      if (word === undefined) expect((await authenticate({ body })).state).toBe(state);
      else {
        const problem = await expectRejection({ body });
        expect(problem).toMatchObject({ code: 'unauthorized_client', status: 400 });
        expect(problem.message).toContain(word);
      }
    }
  });
  it('a provisional app is rejected where the operator configured it', async () => {
    const { client_id, client_secret } = await addApp(server, { state: 'provisional' });
    const problem = await expectRejection({ body: { client_id, client_secret } }, clientAuthFor('inactive'));
    expect(problem).toMatchObject({ code: 'unauthorized_client', status: 400 });
    expect(problem.message).toContain('isn’t approved yet');
  });
  it('is revealed only to authenticated clients', async () => {
    const { client_id } = await addApp(server);
    await changeAppState(server.db, clock, client_id, 'suspended');
    expect((await expectRejection({ body: { client_id, client_secret: 'x' } })).code).toBe('invalid_client');
  });
});

describe('the app that a rejected request is logged under', () => {
  it.each<[string, PresentedRequest]>([
    ['a client_id in form or query', { query: { client_id: 'app' } }],
    ['Basic', { basic: 'app:secret' }],
  ])('%s', (_where, sent) => {
    const { authorization, parameters } = presentClient(sent);
    expect(readClaimedClientId(authorization, parameters)).toBe('app');
  });
  it('is the subject of an assertion, valid or not', async () => {
    const { parameters } = presentClient(await withAssertion('app', { claims: { exp: 1 } }));
    expect(readClaimedClientId(undefined, parameters)).toBe('app');
    expect(readClaimedClientId(undefined, { client_assertion: 'x' })).toBeUndefined();
    expect(readClaimedClientId('Basic', {})).toBeUndefined();
  });
});

it('turning off a setting of an app takes effect within a second', async () => {
  const { client_id, client_secret } = await addApp(server);
  const query = { client_id, client_secret };
  expect((await authenticate({ query })).secretInQuery).toBe(true);
  await server.db.transaction((tx) =>
    updateApp(tx, { clock, random }, client_id as ClientId, { secretInQuery: false }),
  );
  clock.advance(1000);
  expect((await expectRejection({ query })).message).toContain('leaked');
});

describe('an app is cached for less than a second', () => {
  const addsSecret = (clientId: string) => server.db.transaction((tx) => addSecret(tx, { clock, random }, clientId));
  const changed = (clientId: ClientId, terms: Parameters<typeof updateApp>[3]) =>
    server.db.transaction((tx) => updateApp(tx, { clock, random }, clientId, terms));

  it('additions take effect immediately in every process: a secret, an approval, a key', async () => {
    const { client_id, client_secret } = await addApp(server, { state: 'provisional' });
    const body = { client_id, client_secret };
    const processes = [clientAuthFor('sandbox'), clientAuthFor('sandbox')];
    for (const process of processes) await authenticate({ body }, process);
    const { clientSecret } = await addsSecret(client_id);
    for (const process of processes) {
      expect((await authenticate({ body: { client_id, client_secret: clientSecret } }, process)).clientId).toBe(
        client_id,
      );
    }
    const strict = clientAuthFor('inactive');
    expect((await expectRejection({ body }, strict)).message).toContain('isn’t approved yet');
    await changeAppState(server.db, clock, client_id, 'active');
    expect((await authenticate({ body }, strict)).state).toBe('active');

    const keyed = await addAppWithKeys(rsa);
    await authenticate(await withAssertion(keyed.client_id));
    await changed(keyed.client_id, { jwks: { keys: [ec.jwk] } });
    expect((await authenticate(await withAssertion(keyed.client_id, { by: ec }))).clientId).toBe(keyed.client_id);
  });
  it('removals take effect within a second: a secret, its approval', async () => {
    const { client_id, client_secret } = await addApp(server);
    const { clientSecret } = await addsSecret(client_id);
    const [body, second] = [client_secret, clientSecret].map((secret) => ({ client_id, client_secret: secret }));
    await authenticate({ body: body ?? {} });
    const [first] = await listSecrets(server.db, clock, client_id);
    await endSecret(server.db, clock, client_id, first?.createdAt ?? new Date(0));
    clock.advance(1000);
    expect((await expectRejection({ body: body ?? {} })).message).toContain('wrong or has expired');
    await authenticate({ body: second ?? {} });
    await changeAppState(server.db, clock, client_id, 'suspended');
    clock.advance(1000);
    expect((await expectRejection({ body: second ?? {} })).message).toContain('suspended');
  });
  it('two secrets of an app never share a creation time, because an operator ends one by it', async () => {
    const now = clock.now();
    const sameTime = { clock: { now: () => now }, random };
    const { client_id } = await addApp(server, { state: 'provisional' });
    const [first] = await listSecrets(server.db, clock, client_id);
    await endSecret(server.db, clock, client_id, first?.createdAt ?? now);
    for (let i = 0; i < 2; i++) await server.db.transaction((tx) => addSecret(tx, sameTime, client_id));
    const secrets = await listSecrets(server.db, clock, client_id);
    expect(secrets.map(({ createdAt }) => createdAt.getTime() - now.getTime())).toEqual([0, 1]);
  });
  it('RFC 7523 §3.7: an assertion that was rejected for the state of its app is not consumed', async () => {
    const strict = clientAuthFor('inactive');
    const { client_id } = await addApp(server, {
      auth: 'private_key_jwt',
      jwks: { keys: [rsa.jwk] },
      state: 'provisional',
    });
    const sent = await withAssertion(client_id);
    expect((await expectRejection(sent, strict)).code).toBe('unauthorized_client');
    await changeAppState(server.db, clock, client_id, 'active');
    expect((await authenticate(sent, strict)).clientId).toBe(client_id);
    expect((await expectRejection(sent, strict)).message).toContain('was already used');
  });
  it('an invalid signature is counted once, although the app was looked up again', async () => {
    const { client_id } = await addAppWithKeys(ec);
    const forger = await createSigner('ES384', 'ec');
    await authenticate(await withAssertion(client_id, { by: ec }));
    const messages: string[] = [];
    for (let i = 0; i < 31; i++) {
      await changed(client_id, { name: `App ${i}` });
      messages.push((await expectRejection(await withAssertion(client_id, { by: forger }))).message);
    }
    expect(messages.slice(0, 30).filter((message) => message.includes('doesn’t match'))).toHaveLength(30);
    expect(messages[30]).toContain('Too many assertions');
  });
});
