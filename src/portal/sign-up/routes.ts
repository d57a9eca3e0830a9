import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { foldAddress, isAddress } from '../../mail/index.ts';
import type { FieldFault } from '../../pages/index.ts';
import { wordsIn } from '../../words/index.ts';
import type { PortalDeps } from '../deps.ts';
import { sendLink } from './ask.ts';
import { type Form, fieldOf } from './form.ts';
import { linkRoutes } from './link-routes.ts';
import { askPage, PATH, sentPage } from './pages.ts';
import { HTML } from './visit.ts';

/** `/developer/sign-up…`: from an address to a developer's account. Needs the cookie and form plugins. */
export function signUpRoutes(app: FastifyInstance, deps: PortalDeps): void {
  app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
    askRoutes(scope, deps);
    linkRoutes(scope, deps);
  });
}

/** The answer is sent before anything is looked up: its words and its time are the same, whoever has an account. */
function askRoutes(app: FastifyInstance, deps: PortalDeps): void {
  const underWay = new Set<Promise<void>>();
  app.addHook('onClose', async () => void (await Promise.all(underWay)));

  app.get(PATH, async (request, reply) => show(request, reply, '', []));

  app.post<{ Body: Form | undefined }>(PATH, async (request, reply) => {
    deps.cookies.requireCsrf(request, fieldOf(request.body, 'csrf'));
    const { language } = deps.framing.plain(request);
    const email = foldAddress(fieldOf(request.body, 'email').slice(0, 300));
    if (!isAddress(email)) {
      const { invalid } = wordsIn(language).developers.signUp;
      return show(request, reply.code(400), email, [{ field: 'email', message: invalid }]);
    }
    const work = sendLink(deps, request, email, language)
      .catch((error: unknown) => request.log.error({ signUp: String((error as { code?: unknown } | null)?.code) }))
      .finally(() => underWay.delete(work));
    underWay.add(work);
    return reply.redirect(`${PATH}/sent`, 303);
  });

  app.get(`${PATH}/sent`, async (request, reply) =>
    reply.type(HTML).send(sentPage(deps.framing.plain(request), { mailLeaves: deps.post.sends })),
  );

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    email: string,
    faults: readonly FieldFault[],
  ): FastifyReply {
    const csrf = deps.cookies.csrf(request, reply);
    return reply.type(HTML).send(askPage(deps.framing.plain(request, PATH), { csrf, faults, email }));
  }
}
