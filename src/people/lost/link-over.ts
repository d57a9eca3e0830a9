import type { FastifyReply, FastifyRequest } from 'fastify';
import { wordsIn } from '../../words/index.ts';
import type { PeopleDeps } from '../deps.ts';

/** Tokens are 43 characters of base64url; whatever else stands in the address is none. */
export const LINK = '/:token';

export interface LinkRequest {
  Params: { token: string };
  Body: Readonly<Record<string, unknown>> | undefined;
}

/** Where the form of a link's page goes: to itself, however its address was spelled. */
export const linkPath = ({ params }: { params: { token: string } }, page: string): string =>
  `/${page}/${encodeURIComponent(params.token)}`;

/** The same for a link that was used, is too old, or never was. @param by where a new one comes from */
export function linkOver(
  deps: PeopleDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  by: 'mail' | 'practice' | 'account',
): FastifyReply {
  const frame = deps.framing.plain(request, '/sign-in');
  const words = wordsIn(frame.language).signIn;
  const { title, text, again, practice } = words.linkOver;
  const page = {
    title,
    text: by === 'practice' ? [text, practice] : [text],
    ways: [...(by === 'mail' ? [{ path: '/forgot', text: again }] : []), { path: '/sign-in', text: words.title }],
  };
  return reply.code(410).type('text/html; charset=utf-8').send(deps.pages.message(page, frame));
}
