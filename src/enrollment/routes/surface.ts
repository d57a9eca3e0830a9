import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { elsewherePage, overPage } from '../pages/over.ts';
import type { EnrollDeps } from '../patient/deps.ts';
import { type Ended, type Opened, Over, open } from '../patient/opened.ts';
import { csrfOf, type Form } from './form.ts';

export interface Visit {
  readonly request: FastifyRequest<{ Body: Form | undefined }>;
  readonly reply: FastifyReply;
  readonly at: Opened;
}

type Answer = (visit: Visit) => Promise<FastifyReply>;
/** undefined: there is nothing else to say than that it is over. */
export type AnswerOver = (
  request: FastifyRequest,
  reply: FastifyReply,
  ended: Ended,
) => Promise<FastifyReply | undefined>;

export const HTML = 'text/html; charset=utf-8';

export const show = (reply: FastifyReply, page: string, status = 200): FastifyReply =>
  reply.code(status).type(HTML).send(page);

/** Pages of one invitation: what is over shows the page that says so, whatever was asked of it. */
export function surface(app: FastifyInstance, deps: EnrollDeps) {
  type Route = { Params: { token: string }; Body: Form | undefined };
  const answering =
    (answer: Answer, late?: AnswerOver) => async (request: FastifyRequest<Route>, reply: FastifyReply) => {
      try {
        return await answer({ request, reply, at: await open(deps, request, request.params.token) });
      } catch (error) {
        if (!(error instanceof Over)) throw error;
        return (await late?.(request, reply, error.ended)) ?? over(request, reply, error.ended);
      }
    };
  /** Whoever made the account here and comes back to this page is let go on. */
  async function over(request: FastifyRequest, reply: FastifyReply, ended: Ended): Promise<FastifyReply> {
    const { frame, practice, usedBy, wasHere = false } = ended;
    if (usedBy !== undefined && (await deps.signedIn.current(request))?.accountId === usedBy)
      return reply.redirect('/enroll/done', 303);
    const html = wasHere && usedBy !== undefined ? elsewherePage(frame) : overPage(frame, practice);
    return show(reply, html, 410);
  }
  return {
    /** Shows a page, and changes nothing. */
    get: (path: string, answer: Answer): void => void app.get<Route>(`/enroll/:token${path}`, answering(answer)),
    /** Acts, for a form that this browser was given. @param late what it answers when the invitation is over */
    post: (path: string, answer: Answer, late?: AnswerOver): void =>
      void app.post<Route>(`/enroll/:token${path}`, async (request, reply) => {
        deps.cookies.requireCsrf(request, csrfOf(request.body));
        return answering(answer, late)(request, reply);
      }),
  };
}

export type EnrollSurface = ReturnType<typeof surface>;
