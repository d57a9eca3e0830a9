import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import { type AccountId, days, hours, later, networkOf } from '../../kernel/index.ts';
import { wordsIn } from '../../words/index.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { foldedEmail } from '../email-address.ts';
import { type Form, single } from '../form.ts';
import { sendConfirmation } from '../links/confirm-email.ts';
import { makeLink, RESET_LASTS } from '../links/store.ts';
import { findDeveloperByEmail, findPeopleByUnconfirmedEmail, findPersonByEmail, type Person } from '../person.ts';
import type { FieldFault } from '../ports.ts';
import { countOver, forgetCount, type Limit } from '../throttle.ts';

const PATH = '/forgot';
const SENT = '/forgot/sent';
/**
 * Requests beyond these limits send nothing and look the same to the user, so as not to reveal whether an account
 * exists.
 */
const PER_ADDRESS: Limit = { most: 3, window: RESET_LASTS };
const PER_NETWORK: Limit = { most: 30, window: hours(1) };

/**
 * After this many milliseconds only a signed-in user can request another link: an address with a typo belongs to
 * someone else.
 */
const CONFIRMS_FOR = days(7);

const requestKey = (email: string): string => `forgotten\u0000${email}`;

/** Resets the limit of an address: a person who used a link reads its email and may request another. */
export const forgetAsked = (tx: Executor, email: string): Promise<void> => forgetCount(tx, requestKey(email));

/**
 * Sends password reset links. The response is sent before any account is looked up, so its text and timing don't reveal
 * whether one exists. The email goes only to the account's confirmed address, and its link uses `PUBLIC_URL` regardless
 * of the request's Host header.
 */
export function forgottenRoutes(app: FastifyInstance, deps: PeopleDeps, changes: Changes): void {
  const pending = new Set<Promise<void>>();
  app.addHook('onClose', async () => void (await Promise.all(pending)));

  app.get(PATH, async (request, reply) => show(request, reply, '', []));

  app.post<{ Body: Form | undefined }>(PATH, async (request, reply) => {
    deps.cookies.requireCsrf(request, single(request.body?.['csrf']));
    const typed = single(request.body?.['email']) ?? '';
    const email = foldedEmail(typed);
    if (email === undefined) {
      const { language } = deps.framing.plain(request);
      const errors = [{ field: 'email', message: wordsIn(language).signIn.faults.email }];
      return show(request, reply.code(400), typed, errors);
    }
    const work = send(request, email)
      .catch((error: unknown) => request.log.error({ forgotten: String((error as { code?: unknown } | null)?.code) }))
      .finally(() => pending.delete(work));
    pending.add(work);
    return reply.redirect(SENT, 303);
  });

  app.get(SENT, async (request, reply) => {
    const pageContext = deps.framing.plain(request);
    const { sentTitle, sent, sentMore, unconfirmed, nothing } = wordsIn(pageContext.language).signIn.forgotten;
    const { title } = wordsIn(pageContext.language).signIn;
    const page = {
      title: sentTitle,
      text: [sent, ...sentMore, unconfirmed, nothing],
      links: [{ path: '/sign-in', text: title }],
    };
    return reply.type('text/html; charset=utf-8').send(deps.pages.message(page, pageContext));
  });

  async function send(request: FastifyRequest, email: string): Promise<void> {
    const network = `forgotten-from\u0000${networkOf(request.ip)}`;
    if ((await countOver(deps.db, deps.clock, network, PER_NETWORK)) !== undefined) return;
    if ((await countOver(deps.db, deps.clock, requestKey(email), PER_ADDRESS)) !== undefined) return;
    // A developer may also be a patient with the same address. Each account gets its own link, and the email names the
    // account.
    const [owner, developer] = [await findPersonByEmail(deps.db, email), await findDeveloperByEmail(deps.db, email)];
    for (const person of [owner, developer])
      if (person !== undefined && !person.published) await sendResetLink(request, person);
    const since = later(deps.clock.now(), -CONFIRMS_FOR);
    for (const { accountId, kind } of await findPeopleByUnconfirmedEmail(deps.db, email, since))
      if ((kind === 'developer' ? developer : owner) === undefined) await confirmFirst(request, accountId, email);
  }

  async function confirmFirst(request: FastifyRequest, accountId: AccountId, email: string): Promise<void> {
    await deps.db.transaction(async (tx) => {
      await sendConfirmation(tx, deps, { accountId, email }, 'forgotten');
      const event = { kind: 'account', outcome: 'success', requestId: request.id, accountId } as const;
      await deps.audit.recordWithin(tx, { ...event, detail: { action: 'forgotten-unconfirmed' } });
    });
  }

  async function sendResetLink(request: FastifyRequest, { accountId, username }: Person): Promise<void> {
    await deps.db.transaction(async (tx) => {
      const now = deps.clock.now();
      const token = await makeLink(tx, { random: deps.random, now }, { accountId, purpose: 'reset-password' });
      const link = `${deps.publicUrl}/reset/${token}`;
      await changes.tell(tx, accountId, (mail) => mail.forgotten({ username, link }));
      const event = { kind: 'account', outcome: 'success', requestId: request.id, accountId } as const;
      await deps.audit.recordWithin(tx, { ...event, detail: { action: 'forgotten' } });
    });
  }

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    email: string,
    errors: readonly FieldFault[],
  ): FastifyReply {
    const pageContext = deps.framing.plain(request, PATH);
    const { title, lead, email: field, button, noAddress } = wordsIn(pageContext.language).signIn.forgotten;
    const csrf = deps.cookies.csrf(request, reply);
    const page = { csrf, errors, action: PATH, fields: {}, back: '/sign-in', title, lead, field, button, email };
    return reply.type('text/html; charset=utf-8').send(deps.pages.email({ ...page, more: noAddress }, pageContext));
  }
}
