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
/** Beyond that nothing is sent, and nothing is told: it would say that there is an account. */
const PER_ADDRESS: Limit = { most: 3, window: RESET_LASTS };
const PER_NETWORK: Limit = { most: 30, window: hours(1) };

/** Later, only who is signed in gets another link: an address with a typo in it belongs to someone else. */
const CONFIRMS_FOR = days(7);

const asked = (email: string): string => `forgotten\u0000${email}`;

/** Whoever used a link reads the mail at this address, and may ask for another. */
export const forgetAsked = (tx: Executor, email: string): Promise<void> => forgetCount(tx, asked(email));

/**
 * The answer is sent before anything is looked up: its words and its time are the same, whoever has an account. What the
 * mail holds goes to the address of the account and nowhere else, and its link is to `PUBLIC_URL`, whatever the request
 * calls this server.
 */
export function forgottenRoutes(app: FastifyInstance, deps: PeopleDeps, changes: Changes): void {
  const underWay = new Set<Promise<void>>();
  app.addHook('onClose', async () => void (await Promise.all(underWay)));

  app.get(PATH, async (request, reply) => show(request, reply, '', []));

  app.post<{ Body: Form | undefined }>(PATH, async (request, reply) => {
    deps.cookies.requireCsrf(request, single(request.body?.['csrf']));
    const typed = single(request.body?.['email']) ?? '';
    const email = foldedEmail(typed);
    if (email === undefined) {
      const { language } = deps.framing.plain(request);
      const faults = [{ field: 'email', message: wordsIn(language).signIn.faults.email }];
      return show(request, reply.code(400), typed, faults);
    }
    const work = send(request, email)
      .catch((error: unknown) => request.log.error({ forgotten: String((error as { code?: unknown } | null)?.code) }))
      .finally(() => underWay.delete(work));
    underWay.add(work);
    return reply.redirect(SENT, 303);
  });

  app.get(SENT, async (request, reply) => {
    const frame = deps.framing.plain(request);
    const { sentTitle, sent, sentMore, unconfirmed, nothing } = wordsIn(frame.language).signIn.forgotten;
    const { title } = wordsIn(frame.language).signIn;
    const page = {
      title: sentTitle,
      text: [sent, ...sentMore, unconfirmed, nothing],
      ways: [{ path: '/sign-in', text: title }],
    };
    return reply.type('text/html; charset=utf-8').send(deps.pages.message(page, frame));
  });

  async function send(request: FastifyRequest, email: string): Promise<void> {
    const network = `forgotten-from\u0000${networkOf(request.ip)}`;
    if ((await countOver(deps.db, deps.clock, network, PER_NETWORK)) !== undefined) return;
    if ((await countOver(deps.db, deps.clock, asked(email), PER_ADDRESS)) !== undefined) return;
    // Somebody who makes apps may be a patient too: each account has its own link, and its mail names it.
    const [owner, developer] = [await findPersonByEmail(deps.db, email), await findDeveloperByEmail(deps.db, email)];
    for (const person of [owner, developer])
      if (person !== undefined && !person.published) await write(request, person);
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

  async function write(request: FastifyRequest, { accountId, username }: Person): Promise<void> {
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
    faults: readonly FieldFault[],
  ): FastifyReply {
    const frame = deps.framing.plain(request, PATH);
    const { title, lead, email: field, button, noAddress } = wordsIn(frame.language).signIn.forgotten;
    const csrf = deps.cookies.csrf(request, reply);
    const page = { csrf, faults, action: PATH, fields: {}, back: '/sign-in', title, lead, field, button, email };
    return reply.type('text/html; charset=utf-8').send(deps.pages.email({ ...page, more: noAddress }, frame));
  }
}
