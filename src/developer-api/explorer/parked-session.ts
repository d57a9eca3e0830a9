import type { FastifyReply, FastifyRequest } from 'fastify';
import { type BrowserCookies, endSession, findSession } from '../../identity/index.ts';
import { minutes } from '../../kernel/index.ts';
import type { PortalContext } from '../../portal-api/index.ts';

/**
 * Milliseconds for which the developer's session can be restored after an authorization as a test
 * patient: enough time to sign in as that patient and decide on the consent page.
 */
const PARKING_TIME = minutes(20);

export interface ParkedSessionDeps extends Pick<PortalContext, 'db' | 'clock'> {
  readonly cookies: BrowserCookies;
}

/**
 * Saves the developer's session while the browser signs in as a test patient. A browser has only
 * one session, so the developer's is parked in a separate cookie that gives no access, and restored
 * after the authorization. The test patient's session stays valid on the server, because an online
 * grant depends on it. Someone else may use the computer in between, so the parked session ends if
 * a person signs out or signs in with an account that isn't a public sandbox account.
 */
export function parkedSession({ db, clock, cookies }: ParkedSessionDeps) {
  /**
   * Returns the session of a request, and whether it belongs to a person (`isOwn`) rather than to a
   * public sandbox account.
   */
  async function signedIn(request: FastifyRequest) {
    const cookie = cookies.session(request);
    const session = await findSession(db, clock, cookie);
    return { cookie, isActive: session !== undefined, isOwn: session?.published === false };
  }

  async function findParked(request: FastifyRequest) {
    const waiting = cookies.suspendedSession(request);
    const age = waiting === undefined ? 0 : clock.now().getTime() - waiting.suspendedAt.getTime();
    if (waiting === undefined || age < 0 || age > PARKING_TIME) return undefined;
    const { session } = waiting;
    return session === undefined || (await findSession(db, clock, session)) !== undefined ? waiting : undefined;
  }

  async function endParked(request: FastifyRequest, current: string | undefined): Promise<void> {
    const session = cookies.suspendedSession(request)?.session;
    if (session !== undefined && session !== current) await endSession(db, session);
  }

  return {
    isWaiting: async (request: FastifyRequest): Promise<boolean> => (await findParked(request)) !== undefined,

    /**
     * Parks the session of a request. A session that is already parked stays, because the current
     * one is then a test patient's. It is replaced if a different person has signed in.
     */
    async putAside(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const { cookie, isActive, isOwn } = await signedIn(request);
      if (isOwn) await endParked(request, cookie);
      if (isOwn || (await findParked(request)) === undefined) {
        cookies.suspendSession(reply, { session: isActive ? cookie : undefined, suspendedAt: clock.now() });
      }
      if (cookie !== undefined) cookies.clearSession(reply);
    },

    /**
     * Restores the parked session, or signs out if there is none.
     * @returns whether a parked session was restored
     */
    async takeBack(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
      if (cookies.suspendedSession(request) === undefined) return false;
      const { cookie, isOwn } = await signedIn(request);
      cookies.clearSuspendedSession(reply);
      if (isOwn) {
        await endParked(request, cookie);
        return false;
      }
      const session = (await findParked(request))?.session;
      if (session === undefined) cookies.clearSession(reply);
      else cookies.setSession(reply, session);
      return session !== undefined;
    },
  };
}
