import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { elsewherePage, overPage } from '../pages/over.ts';
import type { EnrollDeps } from '../patient/deps.ts';
import { type Ended, type Opened, Over, open } from '../patient/opened.ts';
import { csrfOf, type Form } from './form.ts';

export interface Visit {
  readonly request: FastifyRequest<{ Body: Form | undefined }>;
  readonly reply: FastifyReply;
  readonly opened: Opened;
}

type Answer = (visit: Visit) => Promise<FastifyReply>;
/** Handles a request for an ended invitation. Returns `undefined` to show the page that says it can't be used. */
export type AnswerOver = (
  request: FastifyRequest,
  reply: FastifyReply,
  ended: Ended,
) => Promise<FastifyReply | undefined>;

export const HTML = 'text/html; charset=utf-8';

export const show = (reply: FastifyReply, page: string, status = 200): FastifyReply =>
  reply.code(status).type(HTML).send(page);

/** Routes under `/enroll/:token`. If the invitation can't be used, they all show the page that says so. */
export function surface(app: FastifyInstance, deps: EnrollDeps) {
  type Route = { Params: { token: string }; Body: Form | undefined };
  const answering =
    (answer: Answer, late?: AnswerOver) => async (request: FastifyRequest<Route>, reply: FastifyReply) => {
      try {
        return await answer({ request, reply, opened: await open(deps, request, request.params.token) });
      } catch (error) {
        if (!(error instanceof Over)) throw error;
        return (await late?.(request, reply, error.ended)) ?? sendEndedPage(request, reply, error.ended);
      }
    };
  /** Someone who created the account in this browser and returns to the page continues to the last page. */
  async function sendEndedPage(request: FastifyRequest, reply: FastifyReply, ended: Ended): Promise<FastifyReply> {
    const { pageContext, practice, usedBy, wasHere = false } = ended;
    if (usedBy !== undefined && (await deps.signedIn.current(request))?.accountId === usedBy)
      return reply.redirect('/enroll/done', 303);
    const html = wasHere && usedBy !== undefined ? elsewherePage(pageContext) : overPage(pageContext, practice);
    return show(reply, html, 410);
  }
  return {
    /** Shows a page and changes nothing. */
    get: (path: string, answer: Answer): void => void app.get<Route>(`/enroll/:token${path}`, answering(answer)),
    /** Processes a form after checking its CSRF token. @param late handles a form for an ended invitation */
    post: (path: string, answer: Answer, late?: AnswerOver): void =>
      void app.post<Route>(`/enroll/:token${path}`, async (request, reply) => {
        deps.cookies.requireCsrf(request, csrfOf(request.body));
        return answering(answer, late)(request, reply);
      }),
  };
}

export type EnrollSurface = ReturnType<typeof surface>;
