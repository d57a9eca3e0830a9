import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PracticeId } from '../../../src/kernel/index.ts';
import { addApp } from '../../support/apps/apps.ts';
import { encodeForm, FORM, getFhir, OAUTH, R4 } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** Requests a token for an app that authenticates with a key, and returns the response. */
async function tokenOf(registered: string, scope: string): Promise<{ scope?: string; access_token: string }> {
  const { privateKey, publicKey } = await generateKeyPair('ES384', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES384', use: 'sig' }] };
  const practiceIds = [2 as PracticeId];
  const app = await addApp(server, { kind: 'backend', auth: 'private_key_jwt', jwks, practiceIds, scope: registered });
  const assertion = await new SignJWT({ jti: crypto.randomUUID() })
    .setProtectedHeader({ alg: 'ES384', kid: 'one' })
    .setIssuer(app.client_id)
    .setSubject(app.client_id)
    .setAudience(`http://localhost:8080${OAUTH}/token`)
    .setExpirationTime(Math.floor(server.clock.now().getTime() / 1000) + 240)
    .sign(privateKey);
  const fields = {
    grant_type: 'client_credentials',
    scope,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  };
  const url = `${OAUTH}/token`;
  return (await server.app.inject({ method: 'POST', url, headers: FORM, payload: encodeForm(fields) })).json();
}

const entry = (resource: { readonly resourceType: string; readonly id: string }) => ({
  resource,
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
});
const PATIENT = { resourceType: 'Patient', id: 'fed-by-the-ehr' };
const bundle = { resourceType: 'Bundle', type: 'transaction', entry: [entry(PATIENT)] };
const send = (token: string, base = R4) =>
  server.app.inject({
    method: 'POST',
    url: base,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    payload: JSON.stringify(bundle),
  });

it('SMART Backend Services: an app that is registered to write is granted the scopes, writes, and reads what it wrote', async () => {
  const { scope, access_token } = await tokenOf('system/Patient.cruds', 'system/Patient.cruds patient/*.cruds');
  expect(scope).toBe('system/Patient.cruds');
  const answer = await send(access_token);
  expect(answer.statusCode, answer.body).toBe(200);
  const [, id] = answer.json().entry[0].response.location.split('/');
  expect((await getFhir(server.app, `${R4}/Patient/${id}`, access_token)).statusCode).toBe(200);
  expect(server.log.join('')).not.toContain('fed-by-the-ehr');
});

it('its resources are validated, and its Provenance is recorded, by the server’s settings', async () => {
  const { access_token } = await tokenOf('system/*.cruds', 'system/*.cruds');
  const answer = await server.app.inject({
    method: 'POST',
    url: R4,
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    payload: JSON.stringify({
      ...bundle,
      entry: [
        { request: { method: 'PUT', url: 'Patient/odd' }, resource: { ...PATIENT, id: 'odd', gender: 'oddness' } },
      ],
    }),
  });
  const [{ response }] = answer.json().entry;
  expect(response.outcome.issue).toMatchObject([
    { severity: 'warning', expression: ['Bundle.entry[0].resource.gender'] },
  ]);
  const [, id] = response.location.split('/');
  const provenance = await getFhir(server.app, `${R4}/Provenance?patient=${id}`, access_token);
  expect(provenance.json().entry).toMatchObject([{ resource: { agent: [{ who: { display: 'Test App' } }] } }]);
  expect(server.log.join('')).not.toContain('oddness');
});

it('an app that is registered to read is granted no write scope, and may not write', async () => {
  const { scope, access_token } = await tokenOf('system/*.rs', 'system/*.cruds');
  expect(scope).toBe('system/*.rs');
  expect((await send(access_token)).statusCode).toBe(403);
});

it('the DSTU2 base rejects Bundles', async () => {
  const { access_token } = await tokenOf('system/*.cruds', 'system/*.cruds');
  expect((await send(access_token, R4.replace('fhir-api-r4', 'fhir-api').replace('/r4', '/dstu2'))).statusCode).toBe(
    405,
  );
});
