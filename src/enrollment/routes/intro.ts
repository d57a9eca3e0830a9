import { declinedPage, declinePage } from '../pages/decline.ts';
import { introPage } from '../pages/intro.ts';
import { declineInvitation, undoDecline } from '../patient/decline.ts';
import type { EnrollDeps } from '../patient/deps.ts';
import { type EnrollSurface, show } from './surface.ts';

/** Registers the first page of an invitation and the pages to decline it. */
export function introRoutes(routes: EnrollSurface, deps: EnrollDeps): void {
  const { csrf } = deps.cookies;
  routes.get('', async ({ request, reply, at }) =>
    show(reply, at.invitation.state === 'declined' ? declinedPage(at, csrf(request, reply)) : introPage(at)),
  );
  routes.get('/decline', async ({ request, reply, at }) =>
    at.invitation.state === 'declined'
      ? reply.redirect(at.path, 303)
      : show(reply, declinePage(at, csrf(request, reply))),
  );
  routes.post('/decline', async ({ request, reply, at }) => {
    await declineInvitation(deps, at, request.id);
    return reply.redirect(at.path, 303);
  });
  routes.post('/undo', async ({ request, reply, at }) => {
    await undoDecline(deps, at, request.id);
    return reply.redirect(at.path, 303);
  });
}
