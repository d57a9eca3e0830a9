import { Type } from 'typebox';
import { Problem } from '../kernel/index.ts';
import { ERROR_RESPONSES, type MadeUpSpaces, type PortalApi, type PortalGuard } from '../portal-api/index.ts';

/** Adds the route with which a visitor of the sandbox gets a new copy of the made-up organization and its apps. */
export function madeUpRoutes(
  api: PortalApi,
  { guard, madeUpSpaces }: { readonly guard: PortalGuard; readonly madeUpSpaces: MadeUpSpaces },
): void {
  const schema = {
    tags: ['apps'],
    summary: 'Replace the made-up organization and apps of this browser with new ones',
    response: { 204: Type.Null(), ...ERROR_RESPONSES },
  };
  api.post('/developer/made-up/start-over', { schema }, async (request, reply) => {
    const session = await guard.anyDeveloper(request);
    if (!session.published) {
      const message = 'Only the sandbox’s developer has made-up apps.';
      throw new Problem('wrong-account', { status: 403, message });
    }
    await madeUpSpaces.startOver(session, request);
    return reply.code(204).send(null);
  });
}
