import type { FastifyReply } from 'fastify';
import { type Html, htmlToString } from './html.ts';

/** Sends a page. No other function turns `Html` into the text of a response. */
export const sendHtml = (reply: FastifyReply, page: Html): FastifyReply =>
  reply.type('text/html; charset=utf-8').send(htmlToString(page));
