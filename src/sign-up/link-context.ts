import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageContext } from '../i18n/index.ts';
import { sendHtml, sha256 } from '../kernel/index.ts';
import type { PortalDeps } from '../portal-api/index.ts';
import type { SignUpForm } from './form.ts';
import { linkExpiredPage, PATH } from './pages.ts';
import { findSignUp, findSignUpAccount, type SignUp } from './sign-up-store.ts';

export type SignUpLinkRequest = FastifyRequest<{ Params: { token: string }; Body: SignUpForm | undefined }>;

/** A request with a valid link. */
export interface LinkContext {
  readonly request: SignUpLinkRequest;
  readonly reply: FastifyReply;
  readonly token: string;
  readonly path: string;
  readonly signUp: SignUp;
  readonly context: PageContext;
}

/**
 * Finds the link without using it, because email programs open links too. Returns undefined after
 * responding if the link isn't valid.
 */
export async function findLinkContext(
  deps: PortalDeps,
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
 * Responds in the same way for used, expired, canceled and unknown links. The person who just used the
 * link in this browser is redirected instead.
 */
export async function sendLinkExpired(
  deps: PortalDeps,
  request: SignUpLinkRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const user = await findSignUpAccount(deps.db, sha256(request.params.token));
  const session = await deps.signedIn.current(request);
  if (session !== undefined && session.accountId === user) return reply.redirect('/developer', 303);
  return sendHtml(reply.code(404), linkExpiredPage(deps.framing.forOperator(request, PATH)));
}
