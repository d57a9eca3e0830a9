import { OAUTH } from '../people/patient.ts';
import type { TestServer } from '../servers/server.ts';

export const CALLBACK = 'https://app.example/callback';
export const REGISTER = `${OAUTH}/register`;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>> & {
    readonly client_id: string;
    readonly client_secret?: string;
    readonly registration_access_token: string;
    readonly error?: string;
    readonly error_description?: string;
  };
}

type Registered = Answer['body'];

interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly payload?: unknown;
  readonly headers?: Record<string, string>;
}

/** Number of registration requests of this process. It gives each request an IP address of its own. */
let requestCount = 0;

/** Sends a registration request, by default from a network that no other request comes from. */
export async function sendRegistration(
  to: TestServer,
  { method, url, payload, headers = {} }: Request,
): Promise<Answer> {
  requestCount += 1;
  const from = { 'x-forwarded-for': `198.51.${Math.floor(requestCount / 250)}.${(requestCount % 250) + 1}` };
  const body =
    payload === undefined ? {} : { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) };
  const json = payload === undefined ? {} : { 'content-type': 'application/json' };
  const response = await to.app.inject({ method, url, ...body, headers: { ...json, ...from, ...headers } });
  return {
    status: response.statusCode,
    headers: response.headers,
    body: JSON.parse(response.body || '{}') as Answer['body'],
  };
}

export const registerDynamically = (to: TestServer, metadata: unknown) =>
  sendRegistration(to, { method: 'POST', url: REGISTER, payload: metadata });

/** Sends a request with the app's registration access token (RFC 7592 §2). */
export const manageRegistration = (
  to: TestServer,
  method: 'GET' | 'PUT' | 'DELETE',
  app: Registered,
  payload?: unknown,
): Promise<Answer> =>
  sendRegistration(to, {
    method,
    url: `${REGISTER}/${app.client_id}`,
    ...(payload === undefined ? {} : { payload }),
    headers: { authorization: `Bearer ${app.registration_access_token}` },
  });

export async function addRegisteredApp(to: TestServer, metadata: object = {}): Promise<Registered> {
  const { status, body } = await registerDynamically(to, { redirect_uris: [CALLBACK], ...metadata });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body;
}
