import type { FastifyReply, FastifyRequest } from 'fastify';
import { sha256 } from '../../kernel/index.ts';
import type { Frame } from '../../words/index.ts';
import type { PortalDeps } from '../deps.ts';
import type { Form } from './form.ts';
import { overPage, PATH } from './pages.ts';
import { findSignUp, type SignUp, userOfSignUp } from './store.ts';

export const HTML = 'text/html; charset=utf-8';

export type Asked = FastifyRequest<{ Params: { token: string }; Body: Form | undefined }>;

/** A request with a valid link. */
export interface Visit {
  readonly request: Asked;
  readonly reply: FastifyReply;
  readonly token: string;
  readonly path: string;
  readonly signUp: SignUp;
  readonly context: Frame;
}

/**
 * Finds the link without using it, because email programs open links too. Returns undefined after
 * responding if the link isn't valid.
 */
export async function visitOf(deps: PortalDeps, request: Asked, reply: FastifyReply): Promise<Visit | undefined> {
  const { token } = request.params;
  const signUp = await findSignUp(deps.db, sha256(token), deps.clock.now());
  if (signUp === undefined) {
    await sayOver(deps, request, reply);
    return undefined;
  }
  const path = `${PATH}/${encodeURIComponent(token)}`;
  return { request, reply, token, path, signUp, context: deps.framing.plain(request, path) };
}

/**
 * Responds in the same way for used, expired, canceled and unknown links. The person who just used the
 * link in this browser is redirected instead.
 */
export async function sayOver(deps: PortalDeps, request: Asked, reply: FastifyReply): Promise<FastifyReply> {
  const user = await userOfSignUp(deps.db, sha256(request.params.token));
  const session = await deps.signedIn.current(request);
  if (session !== undefined && session.accountId === user) return reply.redirect('/developer', 303);
  return reply
    .code(404)
    .type(HTML)
    .send(overPage(deps.framing.plain(request, PATH)));
}
