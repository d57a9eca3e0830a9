import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { wordsIn } from '../../words/index.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { passwordFaultInWords, single } from '../form.ts';
import { endLinksOf, findLink, useLink } from '../links/store.ts';
import { setPassword } from '../password.ts';
import { passwordFaults, SHORTEST_PASSWORD } from '../password-faults.ts';
import { findPerson, type Person } from '../person.ts';
import type { FieldFault } from '../ports.ts';
import { endSessionsOf } from '../session.ts';
import { forgetCodes } from '../sign-in/code-limit.ts';
import { forgetAsked } from './forgotten.ts';
import { LINK, type LinkRequest, linkOver, linkPath } from './link-over.ts';

const DONE = '/reset-done';

/** Sets a new password by an emailed link. It removes no second factor and signs no one in. */
export function resetRoutes(app: FastifyInstance, deps: PeopleDeps, changes: Changes): void {
  app.get<LinkRequest>(`/reset${LINK}`, async (request, reply) => {
    const person = await findLinkOwner(request.params.token);
    return person === undefined ? linkOver(deps, request, reply, 'mail') : show(request, reply, person, []);
  });

  app.post<LinkRequest>(`/reset${LINK}`, async (request, reply) => {
    deps.cookies.requireCsrf(request, single(request.body?.['csrf']));
    const password = single(request.body?.['password']) ?? '';
    const person = await findLinkOwner(request.params.token);
    if (person === undefined) return linkOver(deps, request, reply, 'mail');
    const { language } = deps.framing.plain(request);
    const errors = passwordFaults(password, person).map((error) => ({
      field: 'password',
      message: passwordFaultInWords(error, language),
    }));
    if (errors.length > 0) return show(request, reply.code(400), person, errors);
    if (!(await reset(request, person, password))) return linkOver(deps, request, reply, 'mail');
    return reply.redirect(DONE, 303);
  });

  app.get(DONE, async (request, reply) => {
    const pageContext = deps.framing.plain(request);
    const { doneTitle, done, signIn } = wordsIn(pageContext.language).signIn.reset;
    const page = { title: doneTitle, text: [done], links: [{ path: '/sign-in', text: signIn }] };
    return reply.type('text/html; charset=utf-8').send(deps.pages.message(page, pageContext));
  });

  async function findLinkOwner(token: string): Promise<Person | undefined> {
    const link = await findLink(deps.db, token, 'reset-password', deps.clock.now());
    return link === undefined ? undefined : findPerson(deps.db, link.accountId);
  }

  /**
   * The link is used up by the statement that checks its validity, so only one of two concurrent requests sets a
   * password.
   */
  function reset(request: FastifyRequest<LinkRequest>, { email }: Person, password: string): Promise<boolean> {
    return deps.db.transaction(async (tx) => {
      const now = deps.clock.now();
      const link = await useLink(tx, request.params.token, 'reset-password', now);
      if (link === undefined) return false;
      const { accountId } = link;
      await setPassword(tx, accountId, password, deps.passwordCost);
      await endSessionsOf(tx, accountId);
      await endLinksOf(tx, accountId, now);
      await forgetCodes(tx, accountId);
      if (email !== undefined) await forgetAsked(tx, email);
      await changes.changed(tx, request, accountId, 'password');
      return true;
    });
  }

  function show(
    request: FastifyRequest<LinkRequest>,
    reply: FastifyReply,
    { username }: Person,
    errors: readonly FieldFault[],
  ): FastifyReply {
    const pageContext = deps.framing.plain(request);
    const { title, forWhom, lead, button } = wordsIn(pageContext.language).signIn.reset;
    const csrf = deps.cookies.csrf(request, reply);
    const page = {
      csrf,
      errors,
      action: linkPath(request, 'reset'),
      fields: {},
      minLength: SHORTEST_PASSWORD,
      username,
      title,
      lead: [forWhom(username), lead],
      button,
    };
    return reply.type('text/html; charset=utf-8').send(deps.pages.newPassword(page, pageContext));
  }
}
