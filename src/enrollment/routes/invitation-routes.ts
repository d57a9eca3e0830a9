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
/**
 * Handles a request for an invitation that can't be used. If it returns `undefined`, the page for invitations that
 * can't be used is shown.
 */
export type EndedInvitationHandler = (
  request: FastifyRequest,
  reply: FastifyReply,
  ended: EndedInvitation,
) => Promise<FastifyReply | undefined>;

export const sendPage = (reply: FastifyReply, page: Html, status = 200): FastifyReply =>
  sendHtml(reply.code(status), page);

/**
 * Creates the functions that register routes under `/enroll/:token`. The routes load the invitation. If the invitation
 * can't be used, they show a page that says that.
 */
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
  /**
   * Shows the page for an invitation that can't be used. Redirects to the last page of enrollment if the person is
   * signed in to the account that was created with the invitation.
   */
  async function sendEndedPage(
    request: FastifyRequest,
    reply: FastifyReply,
    ended: EndedInvitation,
  ): Promise<FastifyReply> {
    const { pageContext, practice, usedBy, wasHere = false } = ended;
    const sandboxPatient = deps.sandbox ? ended.sandboxPatient : undefined;
    if (usedBy !== undefined && (await deps.sessionGuard.current(request))?.accountId === usedBy)
      return reply.redirect('/enroll/done', 303);
    const html =
      wasHere && usedBy !== undefined
        ? enrolledElsewherePage(pageContext)
        : invitationEndedPage(pageContext, practice, sandboxPatient);
    return sendPage(reply, html, 410);
  }
  return {
    /** Registers a page for GET requests, which change nothing. */
    get: (path: string, answer: InvitationHandler): void =>
      void app.get<Route>(`/enroll/:token${path}`, answering(answer)),
    /**
     * Registers a form, which must have a valid CSRF token.
     * @param late handles a form for an invitation that can't be used
     */
    post: (path: string, answer: InvitationHandler, late?: EndedInvitationHandler): void =>
      void app.post<Route>(`/enroll/:token${path}`, async (request, reply) => {
        deps.cookies.requireCsrf(request, csrfToken(request.body));
        return answering(answer, late)(request, reply);
      }),
  };
}

export type InvitationRoutes = ReturnType<typeof createInvitationRoutes>;
