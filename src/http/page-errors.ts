import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageContexts } from '../i18n/index.ts';
import { Problem, sendHtml, toProblem } from '../kernel/index.ts';
import { problemPage } from '../web-pages/index.ts';
import { logServerError } from './log.ts';

type SendResponse = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

export interface PageErrors {
  readonly render: (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;
  readonly notFound: SendResponse;
}

/** Returns the address of the sign-in page, which leads back to the requested page afterwards. */
const signInAddress = ({ url }: FastifyRequest): string => `/sign-in?${new URLSearchParams({ return_to: url })}`;

export function pageErrors(framing: PageContexts): PageErrors {
  const render: PageErrors['render'] = (error, request, reply) => {
    const problem = toProblem(error);
    logServerError(request, problem);
    if (problem.code === 'sign-in-needed' && request.method === 'GET')
      return reply.redirect(signInAddress(request), 303);
    if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
    const page = problemPage(problem, request.id, framing.forOperator(request));
    return sendHtml(reply.code(problem.status).header('cache-control', 'no-store'), page);
  };
  const message = 'There is nothing at this address, or it has moved. Check the address, or go to the home page.';
  const notFound: SendResponse = (request, reply) =>
    render(new Problem('not-found', { status: 404, message }), request, reply);
  return { render, notFound };
}
