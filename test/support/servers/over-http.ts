// A patient's browser and an app that use HTTP to reach a server in another process.
import { choicesOf, hiddenFields } from '../browser/html.ts';

export type Fields = Readonly<Record<string, string>>;

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly patient: string;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const OAUTH = '/nge/prod/patient-oauth';

const SANDBOX_PATIENT = { username: 'patientapitest', password: 'Password1!' };

export async function connectOverHttp(
  origin: string,
  client: Fields,
  person: { username: string; password: string } = SANDBOX_PATIENT,
): Promise<Tokens> {
  const [code = ''] = await consentOverHttp(origin, client, 1, {}, person);
  return exchangeOverHttp(origin, client, code);
}

export const exchangeOverHttp = (origin: string, client: Fields, code: string): Promise<Tokens> =>
  tokens(`${origin}${OAUTH}/token`, { grant_type: 'authorization_code', code, ...client });

/**
 * Signs in once, and authorizes the app a number of times.
 * @returns a code for each time
 */
export async function consentOverHttp(
  origin: string,
  client: Fields,
  count: number,
  query: Fields = {},
  person: { username: string; password: string } = SANDBOX_PATIENT,
): Promise<string[]> {
  const browser = browserAt(origin);
  const decision = await openConsent(browser, client, query, person);
  const codes: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const done = await browser(DECISION, decision);
    codes.push(new URL(done.location).searchParams.get('code') ?? '');
  }
  return codes;
}

/** Where the form of the consent page is sent. */
export const DECISION = `${OAUTH}/authorize/decision`;

/**
 * Signs in at the authorization endpoint.
 * @returns the consent page's form with everything allowed, which can be sent several times
 */
export async function openConsent(
  browser: HttpBrowser,
  client: Fields,
  query: Fields = {},
  person: { username: string; password: string } = SANDBOX_PATIENT,
): Promise<URLSearchParams> {
  const { client_id = '', redirect_uri = '' } = client;
  const parameters = new URLSearchParams({ response_type: 'code', client_id, redirect_uri, ...query });
  const { location } = await browser(`${OAUTH}/authorize?${parameters}`);
  const consent = await browser((await signInOverHttp(browser, location, person)).location);
  const decision = new URLSearchParams(hiddenFields(consent));
  for (const name of ['group', 'allow']) for (const { value } of choicesOf(consent, name)) decision.append(name, value);
  decision.set('decision', 'allow');
  return decision;
}

/** Signs in with a password, at a sign-in page. */
export async function signInOverHttp(
  browser: HttpBrowser,
  url: string,
  { username, password }: { username: string; password: string },
): Promise<HttpPage> {
  const form = new URLSearchParams(hiddenFields(await browser(url)));
  form.set('username', username);
  form.set('password', password);
  return browser('/sign-in', form);
}

/** A page or redirect. `location` is empty if it isn't a redirect. */
export interface HttpPage {
  readonly status: number;
  readonly headers: Headers;
  readonly location: string;
  readonly body: string;
}

/** Sends a request as a browser, which stores cookies and doesn't follow redirects. */
export type HttpBrowser = (url: string, form?: URLSearchParams) => Promise<HttpPage>;

export function browserAt(origin: string): HttpBrowser {
  const cookies = new Map<string, string>();
  return async (url, form) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(url, origin), {
      redirect: 'manual',
      headers: { cookie, ...(form === undefined ? {} : FORM) },
      ...(form === undefined ? {} : { method: 'POST', body: form.toString() }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? [];
      cookies.set(name, value);
    }
    const { status, headers } = response;
    return { status, headers, location: headers.get('location') ?? '', body: await response.text() };
  };
}

export const refreshOverHttp = (
  url: string,
  { client_id = '', client_secret = '' }: Fields,
  refresh_token: string,
): Promise<Tokens> => tokens(url, { grant_type: 'refresh_token', refresh_token, client_id, client_secret });

async function tokens(url: string, fields: Fields): Promise<Tokens> {
  const response = await fetch(url, { method: 'POST', headers: FORM, body: new URLSearchParams(fields).toString() });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Tokens;
}
