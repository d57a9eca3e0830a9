import type { FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import { type Clock, Problem } from '../../kernel/index.ts';
import type { BrowserCookies } from './browser-cookies.ts';
import { findSession, type Session } from './session.ts';

/** Returns the session of a request, for pages that require a signed-in user of a certain kind. */
export interface SessionGuard {
  current(request: FastifyRequest): Promise<Session | undefined>;
  /**
   * Requires a signed-in patient or representative. Throws `sign-in-needed`, which redirects to sign-in and back, or
   * `wrong-account` for another kind of account.
   */
  patient(request: FastifyRequest): Promise<Session>;
  staff(request: FastifyRequest): Promise<Session>;
  developer(request: FastifyRequest): Promise<Session>;
  /**
   * Requires a signed-in administrator of the whole installation. Throws `not-in-sandbox` for the sandbox's
   * administrator.
   */
  administrator(request: FastifyRequest): Promise<Session>;
}

/** Creates the service with which page routes require a signed-in user. */
export function createSessionGuard(deps: { db: Executor; clock: Clock; cookies: BrowserCookies }): SessionGuard {
  const current = (request: FastifyRequest) => findSession(deps.db, deps.clock, deps.cookies.session(request));
  const requireSession = async (
    request: FastifyRequest,
    isAllowed: (session: Session) => boolean,
    audience: string,
  ) => {
    const session = await current(request);
    if (session === undefined)
      throw new Problem('sign-in-needed', {
        status: 401,
        message: 'You are not signed in. Sign in, then try again.',
      });
    if (isAllowed(session)) return session;
    const message = `This page is for ${audience}. You are signed in as ${session.displayName}. Sign out, then sign in with another account.`;
    throw new Problem('wrong-account', { status: 403, message });
  };
  return {
    current,
    patient: (request) =>
      requireSession(request, ({ kind }) => kind === 'patient', 'patients and their representatives'),
    staff: (request) => requireSession(request, ({ kind }) => kind === 'staff', 'practice staff'),
    developer: (request) => requireSession(request, ({ kind }) => kind === 'developer', 'app developers'),
    async administrator(request) {
      if ((await current(request))?.sandboxAdministrator === true) throw onlyMadeUp();
      return requireSession(request, ({ administrator }) => administrator, 'administrators');
    },
  };
}

const onlyMadeUp = (): Problem =>
  new Problem('not-in-sandbox', {
    status: 403,
    message: 'The sandbox administrator can only review made-up apps. Server administration needs your own account.',
  });

/**
 * Throws `not-changeable` if the account is a shared sandbox account. Such an account can't be changed, because its
 * password is public.
 */
export function requireChangeableAccount({ published }: Session): void {
  if (!published) return;
  throw new Problem('not-changeable', {
    status: 403,
    message: 'This is a shared sandbox account. It can’t be changed, locked or closed.',
  });
}
