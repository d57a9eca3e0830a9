import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageContext } from '../../i18n/index.ts';
import { later, minutes, Problem } from '../../kernel/index.ts';
import type { IdentityDeps } from '../deps.ts';
import { type IdentityFormFields, singleValue } from '../forms/form-fields.ts';
import type { PageGuard } from '../forms/form-handlers.ts';
import type { AccountPageContext } from '../ports.ts';
import { findOnlyPractice } from '../records/accessible-records.ts';
import { findSession, type Session } from '../sessions/session.ts';
import { requireChangeableAccount } from '../sessions/session-guard.ts';
import { CONFIRM_PATH, SECURITY_PATH } from './paths.ts';

/**
 * Milliseconds for which an authentication counts as recent enough to change the account. The limit protects people who
 * left a browser signed in.
 */
const AUTHENTICATION_VALID_FOR = minutes(5);

export interface CurrentSession extends Session {
  readonly cookie: string;
}

/**
 * Returns the session of a signed-in user of any kind of account. Throws `sign-in-needed`, which redirects to sign-in
 * and back.
 */
export async function requireSession(
  deps: Pick<IdentityDeps, 'db' | 'clock' | 'cookies'>,
  request: FastifyRequest,
): Promise<CurrentSession> {
  const cookie = deps.cookies.session(request);
  const session = await findSession(deps.db, deps.clock, cookie);
  if (session !== undefined && cookie !== undefined) return { ...session, cookie };
  throw new Problem('sign-in-needed', {
    status: 401,
    message: 'You are not signed in. Sign in, then try again.',
  });
}

/**
 * Returns the layout of the account security pages. A patient whose records are all at one practice sees that practice's
 * brand, as on the pages of the record.
 */
export async function accountPageContext(
  deps: Pick<IdentityDeps, 'db' | 'framing' | 'cookies'>,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  session: Session,
  here?: string,
): Promise<AccountPageContext> {
  const pageContext = await brandedPageContext(deps, request, session, here);
  const { kind, displayName, administrator, sandboxAdministrator } = session;
  const user = { kind, displayName, administrator, sandboxAdministrator, csrf: deps.cookies.csrf(request, reply) };
  return { ...pageContext, user };
}

/**
 * Tells whether a session authenticated within the last five minutes. If not, redirects to the page that asks for it:
 * of staff and administrators for their second factor, of others for the password or a passkey.
 * @param returnTo page to go to afterwards, if it isn't the requested one
 */
export function hasRecentAuthentication(
  { clock }: Pick<IdentityDeps, 'clock'>,
  { authenticatedAt }: Session,
  request: FastifyRequest,
  reply: FastifyReply,
  returnTo?: string,
): boolean {
  if (authenticatedAt >= later(clock.now(), -AUTHENTICATION_VALID_FOR)) return true;
  redirectToConfirmIdentity(request, reply, returnTo);
  return false;
}

/**
 * Creates the guard for pages that change an account. It rejects shared sandbox accounts and requires a recent
 * authentication.
 */
export function recentAuthenticationGuard(deps: IdentityDeps): PageGuard<CurrentSession> {
  return {
    async authenticate(request, reply) {
      const session = await requireSession(deps, request);
      requireChangeableAccount(session);
      return hasRecentAuthentication(deps, session, request, reply) ? session : undefined;
    },
    pageContext: (exchange, session) => accountPageContext(deps, exchange, session, SECURITY_PATH),
  };
}

async function brandedPageContext(
  { db, framing }: Pick<IdentityDeps, 'db' | 'framing'>,
  request: FastifyRequest,
  { kind, accountId }: Session,
  here: string | undefined,
): Promise<PageContext> {
  if (kind === 'staff') return framing.forStaff(request, here);
  const practiceId = kind === 'patient' ? await findOnlyPractice(db, accountId) : undefined;
  return practiceId === undefined ? framing.forOperator(request, here) : framing.forPractice(request, practiceId, here);
}

/** Creates the guard for pages that reject shared sandbox accounts but don't require a recent authentication. */
export const changeableAccountGuard = (deps: IdentityDeps): PageGuard<CurrentSession> => ({
  async authenticate(request) {
    const session = await requireSession(deps, request);
    requireChangeableAccount(session);
    return session;
  },
  pageContext: (exchange, session) => accountPageContext(deps, exchange, session, SECURITY_PATH),
});

/**
 * Redirects to the page that asks the user to authenticate again, and from there back to the requested page. If a form
 * was submitted, only its `id` field, such as a passkey's id, is preserved; the user enters the other fields again.
 */
function redirectToConfirmIdentity({ url, method, body }: FastifyRequest, reply: FastifyReply, page?: string): void {
  const id = method === 'POST' ? singleValue((body as IdentityFormFields | undefined)?.['id']) : undefined;
  const returnTo = page ?? (id === undefined ? url : `${url.split('?')[0]}?${new URLSearchParams({ id })}`);
  reply.redirect(`${CONFIRM_PATH}?${new URLSearchParams({ return_to: returnTo })}`, 303);
}
