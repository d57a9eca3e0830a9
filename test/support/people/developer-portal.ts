import type { Page } from 'playwright-core';
import type { OrganisationRole } from '../../../src/apps/index.ts';
import { createDeveloperAccount } from '../../../src/identity/index.ts';
import type { AccountId, OrganisationId } from '../../../src/kernel/index.ts';
import { systemRandom as random } from '../../../src/kernel/index.ts';
import type { TestServer } from '../servers/server.ts';
import { passwordCost } from './password-cost.ts';
import { signInAdministrator } from './practice-portal.ts';
import { signInAs } from './staff.ts';

type At = Pick<TestServer, 'app' | 'db' | 'clock'>;
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A response of the developer or administrator API. */
export interface ApiResponse<Body = never> {
  readonly status: number;
  /** Body, as the type that the test declares. The server validates it against the route's schema. */
  readonly body: Body;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Calls the JSON API like the pages of the portal: with the session cookie and its CSRF token. */
export interface ApiCaller {
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by what it compares
  call<Body = any>(
    method: Method,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<ApiResponse<Body>>;
}

/**
 * Makes a caller of the JSON API.
 * @param cookie value of the session cookie; undefined if no one is signed in
 */
export function apiCaller({ app }: Pick<At, 'app'>, cookie: string | undefined): ApiCaller {
  let token: string | undefined;
  let cookies: Record<string, string> = cookie === undefined ? {} : { cookie: `session=${cookie}` };
  const tokenOf = async (): Promise<string> => {
    const session = await app.inject({ method: 'GET', url: '/api/session', headers: cookies });
    if (session.statusCode !== 200) throw new Error(`no session: ${session.statusCode} ${session.body}`);
    // Without a session, another cookie identifies the browser for CSRF protection.
    if (cookie === undefined)
      cookies = { cookie: session.cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
    return session.json().csrf;
  };
  return {
    async call(method, path, body, headers = {}) {
      if (method !== 'GET') token ??= await tokenOf();
      const response = await app.inject({
        method,
        url: `/api${path}`,
        headers: { ...cookies, ...(token === undefined ? {} : { 'x-csrf-token': token }), ...headers },
        ...(body === undefined ? {} : { payload: body as object }),
      });
      const json = /json/.test(String(response.headers['content-type']));
      const answer = json ? response.json() : response.body;
      return { status: response.statusCode, body: answer as never, headers: response.headers };
    },
  };
}

export interface Developer extends ApiCaller {
  readonly accountId: AccountId;
  readonly organisationId: OrganisationId;
  readonly email: string;
  /** Value of the user's session cookie. */
  readonly session: string;
}

/** Returns the developer with the cookie of a window, which is a new one after the person confirmed who they are. */
export async function withCookieOf(page: Page, server: Pick<At, 'app'>, developer: Developer): Promise<Developer> {
  const cookies = await page.context().cookies();
  const session = cookies.find(({ name }) => name === 'session')?.value ?? '';
  return { ...developer, session, ...apiCaller(server, session) };
}

/** Creates an administrator of the installation and signs in. */
export async function signInReviewer(
  server: At,
  name = 'Ada Min',
): Promise<ApiCaller & Pick<Developer, 'accountId' | 'session'>> {
  const { accountId, browser } = await signInAdministrator(server, name);
  const session = browser.cookie('session') ?? '';
  return { accountId, session, ...apiCaller(server, session) };
}

/** Approves what another administrator asked for, as the page shows it. @returns the response */
export async function approveRequest(who: ApiCaller, { approvalId }: { readonly approvalId: string }) {
  const { body } = await who.call('GET', '/review/approvals');
  const request = body.approvals.find((one: { approvalId: string }) => one.approvalId === approvalId);
  return who.call('POST', `/review/approvals/${approvalId}/approve`, { digest: request.digest });
}

/** Removes all other administrators, so that the actions of this one need no approval. */
export const makeOnlyAdministrator = async ({ db }: Pick<At, 'db'>, accountId: AccountId): Promise<unknown> =>
  db.queryText('update account set administrator = false where account_id <> $1', [accountId]);

export interface DeveloperOptions {
  /** Id of the developer's organization. By default a new organization is created. */
  readonly organisationId?: OrganisationId;
  readonly role?: OrganisationRole;
  readonly name?: string;
  /** True if the new organization is verified. */
  readonly verified?: boolean;
}

/** Creates a developer of an organization and signs in. */
export async function signInDeveloper(server: At, wanted: DeveloperOptions = {}): Promise<Developer> {
  const { role = 'administrator', name = 'Dev Eloper' } = wanted;
  const mark = random.bytes(6).toString('hex');
  const email = `${mark}@${mark}.example`;
  const account = { username: email, password: 'three words and more', displayName: name, published: false, email };
  const accountId = await server.db.transaction((tx) =>
    createDeveloperAccount(tx, { clock: server.clock, random, passwordCost }, account),
  );
  if (accountId === undefined) throw new Error('the username is new');
  const organisationId = wanted.organisationId ?? (await organisation(server, `${mark}.example`, wanted.verified));
  const now = server.clock.now();
  await server.db.queryText('insert into membership values ($1, $2, $3, $4)', [organisationId, accountId, role, now]);
  const session = (await signInAs(server, accountId)).cookie('session') ?? '';
  return { accountId, organisationId, email, session, ...apiCaller(server, session) };
}

async function organisation({ db, clock }: At, domain: string, verified = false): Promise<OrganisationId> {
  const organisationId = random.uuid() as OrganisationId;
  const now = clock.now();
  await db.queryText(
    'insert into organisation (organisation_id, name, domain, created_at, verified_at) values ($1, $2, $3, $4, $5)',
    [organisationId, `Maker ${domain}`, domain, now, verified ? now : null],
  );
  return organisationId;
}
