import type { FastifyReply, FastifyRequest } from 'fastify';
import { sha256 } from '../../kernel/index.ts';
import type { Frame } from '../../words/index.ts';
import type { PortalDeps } from '../deps.ts';
import type { Form } from './form.ts';
import { overPage, PATH } from './pages.ts';
import { findSignUp, type SignUp, userOfSignUp } from './store.ts';

export const HTML = 'text/html; charset=utf-8';

export type Asked = FastifyRequest<{ Params: { token: string }; Body: Form | undefined }>;

/** Somebody at a link that is good. */
export interface Visit {
  readonly request: Asked;
  readonly reply: FastifyReply;
  readonly token: string;
  readonly path: string;
  readonly signUp: SignUp;
  readonly frame: Frame;
}

/** Looking uses nothing up: mail programs open links too. Undefined: it is over, and that is answered. */
export async function visitOf(deps: PortalDeps, request: Asked, reply: FastifyReply): Promise<Visit | undefined> {
  const { token } = request.params;
  const signUp = await findSignUp(deps.db, sha256(token), deps.clock.now());
  if (signUp === undefined) {
    await sayOver(deps, request, reply);
    return undefined;
  }
  const path = `${PATH}/${encodeURIComponent(token)}`;
  return { request, reply, token, path, signUp, frame: deps.framing.plain(request, path) };
}

/** The same for one that is used, expired or taken back, and for one that never was. Whoever used it here is let go on. */
export async function sayOver(deps: PortalDeps, request: Asked, reply: FastifyReply): Promise<FastifyReply> {
  const user = await userOfSignUp(deps.db, sha256(request.params.token));
  const session = await deps.signedIn.current(request);
  if (session !== undefined && session.accountId === user) return reply.redirect('/developer', 303);
  return reply
    .code(404)
    .type(HTML)
    .send(overPage(deps.framing.plain(request, PATH)));
}
