import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageContext } from '../i18n/index.ts';
import { sendHtml, sha256 } from '../kernel/index.ts';
import type { SignUpDeps } from './deps.ts';
import type { SignUpForm } from './form.ts';
import { linkExpiredPage, PATH } from './pages.ts';
import { findSignUp, findSignUpAccount, type SignUp } from './sign-up-store.ts';

export type SignUpLinkRequest = FastifyRequest<{ Params: { token: string }; Body: SignUpForm | undefined }>;

/** A request for a sign-up or invitation page whose emailed link is valid. */
export interface LinkContext {
  readonly request: SignUpLinkRequest;
  readonly reply: FastifyReply;
  readonly token: string;
  readonly path: string;
  readonly signUp: SignUp;
  readonly context: PageContext;
}

/**
 * Finds the emailed link of a request. Doesn't mark the link as used, because email programs open
 * links too. If the link isn't valid, sends the response that says so and returns undefined.
 */
export async function findLinkContext(
  deps: Pick<SignUpDeps, 'db' | 'clock' | 'framing' | 'signedIn'>,
  request: SignUpLinkRequest,
  reply: FastifyReply,
): Promise<LinkContext | undefined> {
  const { token } = request.params;
  const signUp = await findSignUp(deps.db, sha256(token), deps.clock.now());
  if (signUp === undefined) {
    await sendLinkExpired(deps, request, reply);
    return undefined;
  }
  const path = `${PATH}/${encodeURIComponent(token)}`;
  return { request, reply, token, path, signUp, context: deps.framing.forOperator(request, path) };
}

/**
 * Responds to a link that isn't valid. The response is the same for used, expired, canceled and
 * unknown links. There is one exception: a person who created an account with the link and is
 * signed in to it is redirected to the developer portal.
 */
export async function sendLinkExpired(
  deps: Pick<SignUpDeps, 'db' | 'clock' | 'framing' | 'signedIn'>,
  request: SignUpLinkRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const user = await findSignUpAccount(deps.db, sha256(request.params.token));
  const session = await deps.signedIn.current(request);
  if (session !== undefined && session.accountId === user) return reply.redirect('/developer', 303);
  return sendHtml(reply.code(404), linkExpiredPage(deps.framing.forOperator(request, PATH)));
}
