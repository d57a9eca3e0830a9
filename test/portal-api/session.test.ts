import { afterAll, beforeAll, expect, it } from 'vitest';
import { minutes } from '../../src/kernel/index.ts';
import { apiCaller, signInDeveloper } from '../support/people/developer-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

it('describes the server to a signed-out user', async () => {
  const { status, body } = await apiCaller(server, undefined).call('GET', '/session');
  expect({ status, person: body.person, sandbox: body.sandbox, provisionalApps: body.provisionalApps }).toEqual({
    status: 200,
    person: null,
    sandbox: true,
    provisionalApps: 'sandbox',
  });
  expect(body.addresses.r4).toBe(`${server.config.publicUrl}/nge/prod/fhir-api-r4/fhir/r4`);
});

it('describes the signed-in user and their roles', async () => {
  const dev = await signInDeveloper(server, { role: 'reader', verified: true });
  const { body } = await dev.call('GET', '/session');
  expect(body.person).toEqual({
    accountId: dev.accountId,
    name: 'Dev Eloper',
    kind: 'developer',
    administrator: false,
    sandboxAdministrator: false,
    sandboxDeveloper: false,
    confirmedSeconds: expect.any(Number),
    memberships: [
      {
        organisationId: dev.organisationId,
        organisationName: expect.stringContaining('Maker'),
        role: 'reader',
        verified: true,
      },
    ],
  });
});

it('tells how long the last authentication is recent enough for sensitive changes', async () => {
  const dev = await signInDeveloper(server);
  const seconds = async () => (await dev.call('GET', '/session')).body.person.confirmedSeconds;
  server.clock.advance(minutes(4));
  expect(await seconds()).toBeGreaterThan(30);
  expect(await seconds()).toBeLessThanOrEqual(60);
  server.clock.advance(minutes(2));
  expect(await seconds()).toBe(0);
});

it('RFC 9457: an error is problem+json with a code, a message and the request id', async () => {
  const { status, body, headers } = await apiCaller(server, undefined).call('GET', '/nothing');
  expect({ status, contentType: headers['content-type'] }).toEqual({
    status: 404,
    contentType: 'application/problem+json; charset=utf-8',
  });
  expect(body).toMatchObject({ code: 'not-found', status: 404, request_id: headers['x-request-id'] });
});

it('is not open to other origins', async () => {
  const { headers } = await apiCaller(server, undefined).call('GET', '/session', undefined, {
    origin: 'https://evil.example',
  });
  expect(headers['access-control-allow-origin']).toBeUndefined();
});

it('is described by its own schema', async () => {
  const { body } = await apiCaller(server, undefined).call('GET', '/openapi.json');
  expect(Object.keys(body.paths)).toContain('/api/session');
});
