import { deflateSync } from 'node:zlib';
import type { AppDraft, AppResponse, NewAppResponse } from '../../../src/portal-api/contract/apps.ts';
import type { ApiCaller, Developer } from '../people/developer-portal.ts';
import { CALLBACK } from './apps.ts';
import { createSigningKeys } from './signing-keys.ts';

/** Input of a developer for a patient app with a client secret. */
export const appDraft = (changes: Partial<AppDraft> = {}): AppDraft => ({
  kind: 'patient',
  name: 'Pillbox',
  description: 'Reminds people of their medicines.',
  website: 'https://pillbox.example/',
  policyUri: 'https://pillbox.example/privacy',
  termsUri: '',
  redirectUris: [CALLBACK],
  launchUri: '',
  apis: ['r4'],
  scope: 'openid launch/patient offline_access patient/Patient.rs patient/MedicationRequest.rs',
  auth: 'secret',
  jwksUri: '',
  dpopBound: false,
  requireAud: false,
  dataUse: { sold: 'no' },
  listed: false,
  ...changes,
});

/** Changes that turn this input into that for a backend app with its own keys. */
export async function backendDraft(): Promise<Partial<AppDraft>> {
  const { jwks } = await createSigningKeys('ES384');
  return { kind: 'backend', auth: 'private_key_jwt', jwks, redirectUris: [], scope: 'system/*.rs' };
}

export interface RegisteredApp {
  readonly clientId: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly redirect_uri: string;
  readonly app: AppResponse;
}

/** Registers an app through the developer API, like the wizard. */
export async function registerDraft(
  dev: Developer,
  changes: Partial<AppDraft> = {},
  more: object = {},
): Promise<RegisteredApp> {
  const body = { organisationId: dev.organisationId, draft: appDraft(changes), ...more };
  const answer = await dev.call<NewAppResponse>('POST', '/developer/apps', body);
  if (answer.status !== 201) throw new Error(`not registered: ${JSON.stringify(answer.body)}`);
  const { app, clientSecret } = answer.body;
  const { clientId } = app;
  return {
    clientId,
    client_id: clientId,
    client_secret: clientSecret ?? '',
    redirect_uri: app.terms.redirectUris[0] ?? '',
    app,
  };
}

export const getDeveloperApp = async (dev: ApiCaller, clientId: string): Promise<AppResponse> =>
  (await dev.call<AppResponse>('GET', `/developer/apps/${clientId}`)).body;

/** Submits a version of an app: its current or pending terms with these changes. */
export async function submitVersion(dev: ApiCaller, clientId: string, changes: Partial<AppDraft>) {
  const app = await getDeveloperApp(dev, clientId);
  const body = { draft: { ...(app.open?.terms ?? app.terms), ...changes } };
  return dev.call('POST', `/developer/apps/${clientId}/versions`, body);
}

function chunk(name: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(name), data, Buffer.alloc(4)]);
}

/**
 * Bytes that have the header of a PNG image.
 * @param more bytes after the image's end
 */
export function pngImage(width = 64, height = 64, more: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const pixels = chunk('IDAT', deflateSync(Buffer.alloc(1000)));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), pixels, more]);
}

export const putLogo = (dev: ApiCaller, clientId: string, bytes: Buffer, type = 'image/png') =>
  dev.call('PUT', `/developer/apps/${clientId}/logo`, bytes, { 'content-type': type });
