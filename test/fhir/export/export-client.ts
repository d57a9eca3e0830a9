import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect } from 'vitest';
import { projections, type Resource } from '../../../src/fhir/index.ts';
import { importFiles, textInput } from '../../../src/intake/index.ts';
import { type PracticeId, systemRandom as random } from '../../../src/kernel/index.ts';
import { addApp } from '../../support/apps/apps.ts';
import { encodeForm, FORM, OAUTH, R4 } from '../../support/people/patient.ts';
import type { TestServer } from '../../support/servers/server.ts';

export const SANDBOX = 1 as PracticeId;
export const LIVE = 2 as PracticeId;
const TOKEN = `http://localhost:8080${OAUTH}/token`;
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
export const ASYNC = { accept: 'application/fhir+json', prefer: 'respond-async' };

export interface BackendApp {
  readonly client_id: string;
  token(scope?: string): Promise<string>;
}

/** A backend app that authenticates with private_key_jwt. */
export async function addBackendApp(
  server: TestServer,
  { practiceIds = [LIVE], scope = 'system/*.rs' }: { practiceIds?: readonly PracticeId[]; scope?: string } = {},
): Promise<BackendApp> {
  const { privateKey, publicKey } = await generateKeyPair('ES384', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES384', use: 'sig' }] };
  const app = await addApp(server, { kind: 'backend', auth: 'private_key_jwt', jwks, practiceIds, scope });
  return {
    client_id: app.client_id,
    async token(requestedScope = scope) {
      const client_assertion = await new SignJWT({
        iss: app.client_id,
        sub: app.client_id,
        aud: TOKEN,
        jti: crypto.randomUUID(),
      })
        .setProtectedHeader({ alg: 'ES384', kid: 'one', typ: 'JWT' })
        .setExpirationTime(Math.floor(server.clock.now().getTime() / 1000) + 240)
        .sign(privateKey);
      const fields = {
        grant_type: 'client_credentials',
        scope: requestedScope,
        client_assertion_type: ASSERTION,
        client_assertion,
      };
      const response = await server.app.inject({
        method: 'POST',
        url: `${OAUTH}/token`,
        headers: FORM,
        payload: encodeForm(fields),
      });
      expect(response.statusCode, response.body).toBe(200);
      return response.json().access_token;
    },
  };
}

interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE' | 'HEAD';
  readonly headers?: Record<string, string>;
  readonly payload?: string;
  readonly app?: FastifyInstance;
}

/** @param path a path under the base of R4, or an absolute URL of this server */
export function callApi(
  server: Pick<TestServer, 'app'>,
  token: string | undefined,
  path: string,
  { method = 'GET', headers = {}, payload, app = server.app }: RequestOptions = {},
): Promise<LightMyRequestResponse> {
  const url = path.startsWith('http') ? new URL(path).pathname + new URL(path).search : `${R4}${path}`;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return app.inject({
    method,
    url,
    headers: { ...authorization, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
}

export async function startExport(
  server: Pick<TestServer, 'app'>,
  token: string,
  path = '/Patient/$export',
  sent: RequestOptions = {},
): Promise<string> {
  const response = await callApi(server, token, path, { ...sent, headers: { ...ASYNC, ...sent.headers } });
  expect({ status: response.statusCode, body: response.body }).toEqual({ status: 202, body: '' });
  return String(response.headers['content-location']);
}

export interface Manifest {
  readonly transactionTime: string;
  readonly request: string;
  readonly requiresAccessToken: boolean;
  readonly output: readonly { readonly type: string; readonly url: string; readonly count: number }[];
  readonly deleted: readonly unknown[];
  readonly error: readonly unknown[];
}

export async function readManifest(server: TestServer, token: string, job: string): Promise<Manifest> {
  const response = await callApi(server, token, job);
  expect(response.statusCode, response.body).toBe(200);
  return response.json();
}

/** Starts an export and runs it until it is done. */
export async function runExport(
  server: TestServer,
  token: string,
  path?: string,
  sent?: RequestOptions,
): Promise<{ readonly job: string; readonly done: Manifest }> {
  const job = await startExport(server, token, path, sent);
  await server.runExports();
  return { job, done: await readManifest(server, token, job) };
}

export type ExportFiles = ReadonlyMap<string, readonly Resource[]>;

/** Reads all files of an export. Expects each line to be a resource of the file's type, and the counts to be right. */
export async function readFiles(server: TestServer, token: string, { output }: Manifest): Promise<ExportFiles> {
  const files = new Map<string, readonly Resource[]>();
  for (const { type, url, count } of output) {
    const response = await callApi(server, token, url);
    expect({ status: response.statusCode, contentType: response.headers['content-type'] }).toEqual({
      status: 200,
      contentType: 'application/fhir+ndjson',
    });
    expect(response.body.endsWith('\n')).toBe(true);
    const resources: Resource[] = response.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(resources.map(({ resourceType }) => resourceType)).toEqual(Array(count).fill(type));
    files.set(type, resources);
  }
  return files;
}

export const idsIn = (files: ExportFiles, type: string): readonly string[] =>
  (files.get(type) ?? []).map(({ id = '' }) => id).sort();

/** Loads resources with the same importer as the command line. */
export const loadResources = (server: TestServer, practiceId: PracticeId, resources: readonly Resource[]) =>
  importFiles(server.db, { practiceId, source: 'test', projections, clock: server.clock, random }, [
    textInput('test.ndjson', resources.map((resource) => JSON.stringify(resource)).join('\n')),
  ]);

export const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;

export const patient = (number: number, family = 'Bulk'): Resource => ({
  resourceType: 'Patient',
  id: id(number),
  name: [{ family, given: [`P${number}`] }],
  gender: 'other',
});

export const observation = (number: number, of: number, category = 'laboratory', more: object = {}): Resource => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  subject: { reference: `Patient/${id(of)}` },
  category: [{ coding: [{ code: category }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '1' }] },
  effectiveDateTime: '2024-05-01',
  ...more,
});
