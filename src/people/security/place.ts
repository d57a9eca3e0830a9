import type { FastifyReply, FastifyRequest } from 'fastify';
import { later, minutes, Problem } from '../../kernel/index.ts';
import type { Place } from '../act.ts';
import type { PeopleDeps } from '../deps.ts';
import { type Form, single } from '../form.ts';
import type { PeopleFrame } from '../ports.ts';
import { findSession, type Session } from '../session.ts';
import { requireChangeable } from '../signed-in.ts';
import { CONFIRM_PATH, SECURITY_PATH } from './paths.ts';

/**
 * Milliseconds after an authentication within which the account can be changed. It protects browsers that were left
 * signed in.
 */
const PROOF_LASTS = minutes(5);

export interface SignedInHere extends Session {
  readonly cookie: string;
}

/**
 * Returns the session of a signed-in user of any kind of account. Throws `sign-in-needed`, which redirects to sign-in
 * and back.
 */
export async function signedInHere(
  deps: Pick<PeopleDeps, 'db' | 'clock' | 'cookies'>,
  request: FastifyRequest,
): Promise<SignedInHere> {
  const cookie = deps.cookies.session(request);
  const session = await findSession(deps.db, deps.clock, cookie);
  if (session !== undefined && cookie !== undefined) return { ...session, cookie };
  throw new Problem('sign-in-needed', {
    status: 401,
    message: 'You are not signed in. Sign in, then do it again.',
  });
}

export async function frameOfAccount(
  deps: Pick<PeopleDeps, 'framing' | 'pages'>,
  request: FastifyRequest,
  session: Session,
  here?: string,
): Promise<PeopleFrame> {
  const pageContext = session.kind === 'staff' ? deps.framing.forStaff(request) : deps.framing.plain(request, here);
  return { ...pageContext, navigation: deps.pages.navigation(session.kind, pageContext) };
}

/**
 * Guard for pages that change an account: it must not be a shared sandbox account, and the last authentication must be
 * recent.
 */
export function changingPlace(deps: PeopleDeps): Place<SignedInHere> {
  return {
    async authenticate(request, reply) {
      const session = await signedInHere(deps, request);
      requireChangeable(session);
      if (session.provedAt >= later(deps.clock.now(), -PROOF_LASTS)) return session;
      confirmFirst(request, reply);
      return undefined;
    },
    pageContext: (request, session) => frameOfAccount(deps, request, session, SECURITY_PATH),
  };
}

/** Guard for pages that change nothing but aren't for shared sandbox accounts. */
export const ownPlace = (deps: PeopleDeps): Place<SignedInHere> => ({
  async authenticate(request) {
    const session = await signedInHere(deps, request);
    requireChangeable(session);
    return session;
  },
  pageContext: (request, session) => frameOfAccount(deps, request, session, SECURITY_PATH),
});

/**
 * Redirects to the confirmation page and from there back to the requested page. The id of the form's subject is carried
 * along; its other fields must be entered again.
 */
function confirmFirst({ url, method, body }: FastifyRequest, reply: FastifyReply): void {
  const id = method === 'POST' ? single((body as Form | undefined)?.['id']) : undefined;
  const returnTo = id === undefined ? url : `${url.split('?')[0]}?${new URLSearchParams({ id })}`;
  reply.redirect(`${CONFIRM_PATH}?${new URLSearchParams({ return_to: returnTo })}`, 303);
}
