import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { getMessages } from '../i18n/index.ts';
import { isEmailAddress, normalizeEmailAddress, sendHtml } from '../kernel/index.ts';
import type { FormFieldError } from '../web-pages/index.ts';
import type { SignUpDeps } from './deps.ts';
import { formField, type SignUpForm } from './form.ts';
import { linkRoutes } from './link-routes.ts';
import { PATH, requestLinkPage, sentPage } from './pages.ts';
import { sendLink } from './send-link.ts';
import { type VisitorSignUpDeps, visitorSignUpRoutes } from './visitor-sign-up.ts';

/**
 * Adds the pages under `/developer/sign-up`, on which a person enters an email address, opens the
 * emailed link and creates a developer account. Needs the cookie and form plugins.
 */
export function signUpRoutes(app: FastifyInstance, deps: VisitorSignUpDeps): void {
  app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
    requestLinkRoutes(scope, deps);
    visitorSignUpRoutes(scope, deps);
    linkRoutes(scope, deps);
  });
}

/**
 * Adds the page on which a person requests a link. The response is sent before the email address is
 * looked up, so neither its text nor its timing reveals whether there is an account.
 */
function requestLinkRoutes(app: FastifyInstance, deps: SignUpDeps): void {
  const pending = new Set<Promise<void>>();
  app.addHook('onClose', async () => void (await Promise.all(pending)));

  app.get(PATH, async (request, reply) => show(request, reply, '', []));

  app.post<{ Body: SignUpForm | undefined }>(PATH, async (request, reply) => {
    deps.cookies.requireCsrf(request, formField(request.body, 'csrf'));
    const { language } = deps.framing.forOperator(request);
    const email = normalizeEmailAddress(formField(request.body, 'email').slice(0, 300));
    if (!isEmailAddress(email)) {
      const { invalid } = getMessages(language).signUp.start;
      return show(request, reply.code(400), email, [{ field: 'email', message: invalid }]);
    }
    const work = sendLink(deps, request, email, language)
      .catch((error: unknown) => request.log.error({ signUp: String((error as { code?: unknown } | null)?.code) }))
      .finally(() => pending.delete(work));
    pending.add(work);
    return reply.redirect(`${PATH}/sent`, 303);
  });

  app.get(`${PATH}/sent`, async (request, reply) =>
    sendHtml(reply, sentPage(deps.framing.forOperator(request), { mailLeaves: deps.post.canSend })),
  );

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    email: string,
    errors: readonly FormFieldError[],
  ): FastifyReply {
    const csrf = deps.cookies.csrf(request, reply);
    const page = requestLinkPage(deps.framing.forOperator(request, PATH), { csrf, errors, email });
    return sendHtml(reply, page);
  }
}
