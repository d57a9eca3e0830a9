import { declinedPage, declinePage } from '../pages/decline.ts';
import { invitationPage } from '../pages/intro.ts';
import { declineInvitation, undoDecline } from '../patient/decline.ts';
import type { EnrollmentPageDeps } from '../patient/deps.ts';
import { type InvitationRoutes, sendPage } from './invitation-routes.ts';

/** Registers the first page of an invitation and the pages to decline it. */
export function invitationIntroRoutes(routes: InvitationRoutes, deps: EnrollmentPageDeps): void {
  const { csrf } = deps.cookies;
  routes.get('', async ({ request, reply, opened }) =>
    sendPage(
      reply,
      opened.invitation.state === 'declined' ? declinedPage(opened, csrf(request, reply)) : invitationPage(opened),
    ),
  );
  routes.get('/decline', async ({ request, reply, opened }) =>
    opened.invitation.state === 'declined'
      ? reply.redirect(opened.path, 303)
      : sendPage(reply, declinePage(opened, csrf(request, reply))),
  );
  routes.post('/decline', async ({ request, reply, opened }) => {
    await declineInvitation(deps, opened, request.id);
    return reply.redirect(opened.path, 303);
  });
  routes.post('/undo', async ({ request, reply, opened }) => {
    await undoDecline(deps, opened, request.id);
    return reply.redirect(opened.path, 303);
  });
}
