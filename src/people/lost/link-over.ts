import type { FastifyReply, FastifyRequest } from 'fastify';
import { wordsIn } from '../../words/index.ts';
import type { PeopleDeps } from '../deps.ts';

/** Route suffix for the token of a link, which is 43 characters of base64url. Any other text simply matches no link. */
export const LINK = '/:token';

export interface LinkRequest {
  Params: { token: string };
  Body: Readonly<Record<string, unknown>> | undefined;
}

/** Path of a link page, to which its form posts; the token is encoded again, however the request spelled it. */
export const linkPath = ({ params }: { params: { token: string } }, page: string): string =>
  `/${page}/${encodeURIComponent(params.token)}`;

/**
 * Page for a link that is used, expired or unknown; the text is the same for all three.
 * @param by where the person gets a new link
 */
export function linkOver(
  deps: PeopleDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  by: 'mail' | 'practice' | 'account',
): FastifyReply {
  const pageContext = deps.framing.plain(request, '/sign-in');
  const messages = wordsIn(pageContext.language).signIn;
  const { title, text, again, practice } = messages.linkOver;
  const page = {
    title,
    text: by === 'practice' ? [text, practice] : [text],
    links: [...(by === 'mail' ? [{ path: '/forgot', text: again }] : []), { path: '/sign-in', text: messages.title }],
  };
  return reply.code(410).type('text/html; charset=utf-8').send(deps.pages.message(page, pageContext));
}
