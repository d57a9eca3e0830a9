import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Html, sendHtml } from '../../kernel/index.ts';
import { enrolledElsewherePage, invitationEndedPage } from '../pages/ended.ts';
import type { EnrollmentPageDeps } from '../patient/deps.ts';
import {
  type EndedInvitation,
  InvitationEnded,
  type OpenedInvitation,
  openInvitation,
} from '../patient/opened-invitation.ts';
import { csrfToken, type EnrollmentFormFields } from './form-fields.ts';

export interface InvitationVisit {
  readonly request: FastifyRequest<{ Body: EnrollmentFormFields | undefined }>;
  readonly reply: FastifyReply;
  readonly opened: OpenedInvitation;
}

type InvitationHandler = (visit: InvitationVisit) => Promise<FastifyReply>;
/** Handles a request for an ended invitation. Returns `undefined` to show the page that says it can't be used. */
export type EndedInvitationHandler = (
  request: FastifyRequest,
  reply: FastifyReply,
  ended: EndedInvitation,
) => Promise<FastifyReply | undefined>;

export const sendPage = (reply: FastifyReply, page: Html, status = 200): FastifyReply =>
  sendHtml(reply.code(status), page);

/** Routes under `/enroll/:token`. If the invitation can't be used, they all show the page that says so. */
export function createInvitationRoutes(app: FastifyInstance, deps: EnrollmentPageDeps) {
  type Route = { Params: { token: string }; Body: EnrollmentFormFields | undefined };
  const answering =
    (answer: InvitationHandler, late?: EndedInvitationHandler) =>
    async (request: FastifyRequest<Route>, reply: FastifyReply) => {
      try {
        return await answer({ request, reply, opened: await openInvitation(deps, request, request.params.token) });
      } catch (error) {
        if (!(error instanceof InvitationEnded)) throw error;
        return (await late?.(request, reply, error.ended)) ?? sendEndedPage(request, reply, error.ended);
      }
    };
  /** Someone who created the account in this browser and returns to the page continues to the last page. */
  async function sendEndedPage(
    request: FastifyRequest,
    reply: FastifyReply,
    ended: EndedInvitation,
  ): Promise<FastifyReply> {
    const { pageContext, practice, usedBy, wasHere = false } = ended;
    if (usedBy !== undefined && (await deps.sessionGuard.current(request))?.accountId === usedBy)
      return reply.redirect('/enroll/done', 303);
    const html =
      wasHere && usedBy !== undefined ? enrolledElsewherePage(pageContext) : invitationEndedPage(pageContext, practice);
    return sendPage(reply, html, 410);
  }
  return {
    /** Shows a page and changes nothing. */
    get: (path: string, answer: InvitationHandler): void =>
      void app.get<Route>(`/enroll/:token${path}`, answering(answer)),
    /** Processes a form after checking its CSRF token. @param late handles a form for an ended invitation */
    post: (path: string, answer: InvitationHandler, late?: EndedInvitationHandler): void =>
      void app.post<Route>(`/enroll/:token${path}`, async (request, reply) => {
        deps.cookies.requireCsrf(request, csrfToken(request.body));
        return answering(answer, late)(request, reply);
      }),
  };
}

export type InvitationRoutes = ReturnType<typeof createInvitationRoutes>;
