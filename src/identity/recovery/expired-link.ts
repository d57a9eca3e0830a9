import type { FastifyReply, FastifyRequest } from 'fastify';
import { getMessages } from '../../i18n/index.ts';
import { sendHtml } from '../../kernel/index.ts';
import type { IdentityDeps } from '../deps.ts';

/**
 * Route parameter for the token of a one-time link. The route accepts any text, and a text that isn't a token (43
 * characters of base64url) matches no link.
 */
export const TOKEN_PARAMETER = '/:token';

export interface LinkPageRequest {
  Params: { token: string };
  Body: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Returns the path of a one-time link's page, to which its form posts. The token is percent-encoded again, because the
 * request may have encoded it differently.
 */
export const linkPath = ({ params }: { params: { token: string } }, page: string): string =>
  `/${page}/${encodeURIComponent(params.token)}`;

/**
 * Sends the page for a one-time link that is used, expired or unknown. The text is the same for all three.
 * @param by where the person gets a new link
 */
export function sendExpiredLinkPage(
  deps: IdentityDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  by: 'mail' | 'practice' | 'account',
): FastifyReply {
  const pageContext = deps.framing.forOperator(request, '/sign-in');
  const messages = getMessages(pageContext.language).signIn;
  const { title, text, again, practice } = messages.expiredLink;
  const page = {
    title,
    text: by === 'practice' ? [text, practice] : [text],
    links: [...(by === 'mail' ? [{ path: '/forgot', text: again }] : []), { path: '/sign-in', text: messages.title }],
  };
  return sendHtml(reply.code(410), deps.pages.message(page, pageContext));
}
