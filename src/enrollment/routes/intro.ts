import { declinedPage, declinePage } from '../pages/decline.ts';
import { introPage } from '../pages/intro.ts';
import { declineInvitation, undoDecline } from '../patient/decline.ts';
import type { EnrollDeps } from '../patient/deps.ts';
import { type EnrollSurface, show } from './surface.ts';

/** Registers the first page of an invitation and the pages to decline it. */
export function introRoutes(routes: EnrollSurface, deps: EnrollDeps): void {
  const { csrf } = deps.cookies;
  routes.get('', async ({ request, reply, opened }) =>
    show(
      reply,
      opened.invitation.state === 'declined' ? declinedPage(opened, csrf(request, reply)) : introPage(opened),
    ),
  );
  routes.get('/decline', async ({ request, reply, opened }) =>
    opened.invitation.state === 'declined'
      ? reply.redirect(opened.path, 303)
      : show(reply, declinePage(opened, csrf(request, reply))),
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
