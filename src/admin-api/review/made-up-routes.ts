import { Type } from 'typebox';
import { Problem } from '../../kernel/index.ts';
import { ERROR_RESPONSES, type MadeUpSpaces, type PortalApi, type PortalContext } from '../../portal-api/index.ts';

/** Adds the route with which a visitor of the sandbox gets a new copy of the made-up review. */
export function madeUpRoutes(
  api: PortalApi,
  { guard, madeUpSpaces }: Pick<PortalContext, 'guard'> & { readonly madeUpSpaces: MadeUpSpaces },
): void {
  const schema = {
    tags: ['review'],
    summary: 'Replace the made-up apps and organizations of this browser with new ones',
    response: { 204: Type.Null(), ...ERROR_RESPONSES },
  };
  api.post('/review/made-up/start-over', { schema }, async (request, reply) => {
    const session = await guard.anyReviewer(request);
    if (!session.sandboxAdministrator) {
      const message = 'Only the sandbox’s administrator reviews made-up apps.';
      throw new Problem('wrong-account', { status: 403, message });
    }
    await madeUpSpaces.startOver(session, request);
    return reply.code(204).send(null);
  });
}
