import type { FastifyReply, FastifyRequest } from 'fastify';
import { minutes } from '../../kernel/index.ts';
import { endSession, findSession } from '../../people/index.ts';
import type { PortalDeps } from '../deps.ts';

/** Time to sign in as a test patient and to decide. */
const WAITS = minutes(20);

type Deps = Pick<PortalDeps, 'db' | 'clock' | 'cookies'>;

/**
 * A browser has one session, and signing in as a test patient would end the developer's. So that is put aside before,
 * in a cookie of its own that opens nothing, and taken back when the answer is there. The test patient's goes on without
 * a browser: an online access hangs on it.
 *
 * Others may sit at the same computer meanwhile. Whoever signs in with an account of their own, not one that everybody
 * knows, ends what waits there; so does who signs out.
 */
export function waitingSession({ db, clock, cookies }: Deps) {
  /** Of the session's cookie: whose it is, and whether they are more than a test patient. */
  async function signedIn(request: FastifyRequest) {
    const cookie = cookies.session(request);
    const session = await findSession(db, clock, cookie);
    return { cookie, isGood: session !== undefined, isOwn: session?.published === false };
  }

  async function waitingOf(request: FastifyRequest) {
    const waiting = cookies.waiting(request);
    const age = waiting === undefined ? 0 : clock.now().getTime() - waiting.since.getTime();
    if (waiting === undefined || age < 0 || age > WAITS) return undefined;
    const { session } = waiting;
    return session === undefined || (await findSession(db, clock, session)) !== undefined ? waiting : undefined;
  }

  async function endWaiting(request: FastifyRequest, current: string | undefined): Promise<void> {
    const session = cookies.waiting(request)?.session;
    if (session !== undefined && session !== current) await endSession(db, session);
  }

  return {
    isWaiting: async (request: FastifyRequest): Promise<boolean> => (await waitingOf(request)) !== undefined,

    /** The first that was put aside stays, as what comes after it is a test patient's; or it is the next person's. */
    async putAside(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const { cookie, isGood, isOwn } = await signedIn(request);
      if (isOwn) await endWaiting(request, cookie);
      if (isOwn || (await waitingOf(request)) === undefined) {
        cookies.setWaiting(reply, { session: isGood ? cookie : undefined, since: clock.now() });
      }
      if (cookie !== undefined) cookies.clearSession(reply);
    },

    /** Whoever was signed in before is again, or nobody. @returns whether somebody is */
    async takeBack(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
      if (cookies.waiting(request) === undefined) return false;
      const { cookie, isOwn } = await signedIn(request);
      cookies.clearWaiting(reply);
      if (isOwn) {
        await endWaiting(request, cookie);
        return false;
      }
      const session = (await waitingOf(request))?.session;
      if (session === undefined) cookies.clearSession(reply);
      else cookies.setSession(reply, session);
      return session !== undefined;
    },
  };
}
