import type { FastifyInstance } from 'fastify';
import { attributeOf, choicesOf, type Html, hasElement, hiddenFields, parse } from '../browser/html.ts';
import type { SoftAuthenticator } from './authenticator.ts';

/** Base path of the authorization server, as in the NextGen guide. */
export const OAUTH = '/nge/prod/patient-oauth';
export const R4 = '/nge/prod/fhir-api-r4/fhir/r4';
export const DSTU2 = '/nge/prod/fhir-api/fhir/dstu2';
export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export const SANDBOX_PATIENT = { username: 'patientapitest', password: 'Password1!' };

/** A user with credentials for signing in. */
export interface TestUser {
  readonly username: string;
  readonly password: string;
  readonly passkey?: SoftAuthenticator;
}

export type Fields = Readonly<Record<string, string | readonly string[]>>;

export function encodeForm(fields: Fields): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of typeof value === 'string' ? [value] : value) form.append(name, one);
  }
  return form.toString();
}

const SECOND_FACTOR = '/sign-in/second-factor';

/** A page or redirect that a browser gets. */
export interface BrowserResponse {
  readonly status: number;
  readonly body: string;
  readonly location: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A patient's browser without JavaScript. It stores cookies and submits forms. */
export class PatientBrowser {
  readonly #app: FastifyInstance;
  readonly #cookies = new Map<string, string>();

  constructor(app: FastifyInstance) {
    this.#app = app;
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  async get(url: string): Promise<BrowserResponse> {
    return this.#send({ method: 'GET', url });
  }

  async post(url: string, fields: Fields, headers: Record<string, string> = {}): Promise<BrowserResponse> {
    return this.#send({ method: 'POST', url, payload: encodeForm(fields), headers: { ...FORM, ...headers } });
  }

  /**
   * Opens the authorization URL, and signs in if the page asks for it. Stops at the consent page or at any other
   * response.
   */
  async authorize(query: Fields, person: TestUser = SANDBOX_PATIENT, path = OAUTH): Promise<BrowserResponse> {
    const first = await this.get(`${path}/authorize?${encodeForm(query)}`);
    if (first.location?.startsWith('/sign-in') !== true) return first;
    const signedIn = await this.signIn(first.location, person);
    return signedIn.location === undefined ? signedIn : this.get(signedIn.location);
  }

  /** Signs in with the password, and with the passkey if a second factor is required. */
  async signIn(url: string, person: TestUser = SANDBOX_PATIENT): Promise<BrowserResponse> {
    const page = await this.get(url);
    const { username, password, passkey } = person;
    const response = await this.post('/sign-in', { ...hiddenFields(page.body), username, password });
    const next = response.location ?? '';
    return passkey === undefined || !next.startsWith(SECOND_FACTOR)
      ? response
      : this.usePasskey(next, passkey, SECOND_FACTOR);
  }

  /** Submits the passkey form of a page, with the authenticator's response to the page's options. */
  async usePasskey(url: string, passkey: Pick<SoftAuthenticator, 'get'>, at: string): Promise<BrowserResponse> {
    const fields = hiddenFields((await this.get(url)).body);
    const options = await this.post(`${at}/options`, { csrf: fields['csrf'] ?? '' });
    return this.post(`${at}/passkey`, { ...fields, passkey: passkey.get(JSON.parse(options.body)) });
  }

  /**
   * Submits the consent form. Fields that aren't given keep their defaults: `allow` (keys of items), `group` (groups that
   * are on), `duration`, `offline`, `earlier`. If `allow` is given, all groups are on by default, so that it decides.
   */
  async submitConsent(page: BrowserResponse, changes: Fields = {}): Promise<BrowserResponse> {
    const fields = {
      ...hiddenFields(page.body),
      allow: checkedItems(page.body),
      group: choicesOf(page.body, 'group')
        .filter(({ checked }) => checked || changes['allow'] !== undefined)
        .map(({ value }) => value),
      ...checkedRadio(page.body, 'duration'),
      ...offline(page.body),
      decision: 'allow',
      ...changes,
    };
    return this.post(`${OAUTH}/authorize/decision`, fields);
  }

  /** Chooses a record in the patient picker, by its key or its text. */
  async chooseRecord(page: BrowserResponse, keyOrText: string): Promise<BrowserResponse> {
    const form = 'form:has([name=record])';
    const action = attributeOf(page, form, 'action');
    const line = recordChoices(page.body).find(({ key, text }) => key === keyOrText || text.includes(keyOrText));
    if (action === undefined || line === undefined) throw new Error(`no record ${keyOrText} to choose: ${page.body}`);
    return this.post(action, { ...hiddenFields(page, form), record: line.key });
  }

  async #send(request: {
    method: 'GET' | 'POST';
    url: string;
    payload?: string;
    headers?: Record<string, string>;
  }): Promise<BrowserResponse> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.#app.inject({
      ...request,
      headers: { ...request.headers, ...(cookie === '' ? {} : { cookie }) },
    });
    for (const { name, value, maxAge } of response.cookies) {
      if (value === '' || maxAge === 0) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const { statusCode: status, body, headers } = response;
    return { status, body, headers, location: headers.location };
  }
}

/**
 * Authorizes an app with everything allowed, and exchanges the code.
 * @returns the token response
 */
export async function connectApp(
  app: FastifyInstance,
  client: { client_id: string; client_secret?: string; redirect_uri: string },
  query: Fields = {},
  changes: Fields = {},
  person: TestUser = SANDBOX_PATIENT,
  browser = new PatientBrowser(app),
): Promise<TokenAnswer> {
  const { client_id, client_secret, redirect_uri } = client;
  const page = await browser.authorize({ response_type: 'code', client_id, redirect_uri, ...query }, person);
  const done = await browser.submitConsent(page, changes);
  const code = authorizationCode(done);
  return requestToken(app, {
    grant_type: 'authorization_code',
    code,
    redirect_uri,
    client_id,
    ...(client_secret === undefined ? {} : { client_secret }),
    ...(typeof query['code_challenge'] === 'string' ? { code_verifier: VERIFIER } : {}),
  });
}

/** The code_verifier of the example in RFC 7636, appendix B. */
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

export interface TokenAnswer {
  readonly status: number;
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope: string;
  readonly patient: string;
  readonly error?: string;
  readonly error_description?: string;
  readonly request_id?: string;
}

export async function requestToken(
  app: FastifyInstance,
  fields: Fields,
  headers: Record<string, string> = {},
): Promise<TokenAnswer> {
  const response = await app.inject({
    method: 'POST',
    url: `${OAUTH}/token`,
    headers: { ...FORM, ...headers },
    payload: encodeForm(fields),
  });
  return { status: response.statusCode, ...response.json() };
}

export function authorizationCode(response: BrowserResponse): string {
  const code = response.location === undefined ? null : redirectParameters(response).get('code');
  if (code === null) throw new Error(`no code: ${response.status} ${response.location ?? response.body}`);
  return code;
}

/** Returns the parameters of the redirect to the app. */
export const redirectParameters = (response: BrowserResponse): URLSearchParams =>
  new URL(response.location ?? '').searchParams;

export async function getFhir(app: FastifyInstance, url: string, token: string, headers: Record<string, string> = {}) {
  return app.inject({
    method: 'GET',
    url,
    headers: { authorization: `Bearer ${token}`, accept: 'application/json', ...headers },
  });
}

/** Returns the keys of the consent items that a browser would send: those that are checked and not disabled. */
export const checkedItems = (html: Html): readonly string[] =>
  choicesOf(html, 'allow')
    .filter(({ checked, disabled }) => checked && !disabled)
    .map(({ value }) => value);

/** Returns the keys of the consent items that are shared if the page is submitted as it is: checked, in a group that is on. */
export function sharedItems(html: Html): readonly string[] {
  const $ = parse(html);
  return $('[name=allow][checked]')
    .toArray()
    .filter((input) => $(input).closest('.data-group').find('[name=group]:not([checked])').length === 0)
    .map((input) => input.attribs['value'] ?? '');
}

function checkedRadio(html: Html, name: string): Fields {
  const chosen = choicesOf(html, name).find(({ checked }) => checked);
  return chosen === undefined ? {} : { [name]: chosen.value };
}

/** Returns the keys of the records in the patient picker, each with its text. */
export function recordChoices(html: Html): readonly { readonly key: string; readonly text: string }[] {
  const $ = parse(html);
  return $('[name=record]')
    .toArray()
    .map((input) => ({ key: input.attribs['value'] ?? '', text: $(input).parent().text().replaceAll(/\s+/g, ' ') }));
}

const offline = (html: Html): Fields => (hasElement(html, '#offline[checked]') ? { offline: 'yes' } : {});
