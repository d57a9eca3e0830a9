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

/**
 * Adds the pages under `/developer/sign-up`, from an address to a developer account. Needs the cookie
 * and form plugins.
 */
export function signUpRoutes(app: FastifyInstance, deps: PortalDeps): void {
  app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
    askRoutes(scope, deps);
    linkRoutes(scope, deps);
  });
}

/**
 * The response is sent before the address is looked up, so neither its text nor its timing reveals
 * whether there is an account.
 */
function askRoutes(app: FastifyInstance, deps: PortalDeps): void {
  const pending = new Set<Promise<void>>();
  app.addHook('onClose', async () => void (await Promise.all(pending)));

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
      .finally(() => pending.delete(work));
    pending.add(work);
    return reply.redirect(`${PATH}/sent`, 303);
  });

  app.get(`${PATH}/sent`, async (request, reply) =>
    reply.type(HTML).send(sentPage(deps.framing.plain(request), { mailLeaves: deps.post.sends })),
  );

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    email: string,
    errors: readonly FieldFault[],
  ): FastifyReply {
    const csrf = deps.cookies.csrf(request, reply);
    return reply.type(HTML).send(askPage(deps.framing.plain(request, PATH), { csrf, faults: errors, email }));
  }
}
