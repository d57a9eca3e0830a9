import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import type { FormFieldError } from '../../domain/index.ts';
import { getMessages } from '../../i18n/index.ts';
import { type AccountId, clientNetwork, days, hours, later, parseEmailAddress, sendHtml } from '../../kernel/index.ts';
import { countUse, resetUses, type SharedRateLimit } from '../../rate-limit/index.ts';
import {
  type AccountProfile,
  findDeveloperProfileByEmail,
  findProfileByEmail,
  findProfilesByUnconfirmedEmail,
} from '../accounts/account-profile.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { type IdentityFormFields, singleValue } from '../forms/form-fields.ts';
import { sendEmailConfirmation } from '../links/email-confirmation.ts';
import { createLink, RESET_LINK_LIFETIME } from '../links/one-time-links.ts';

const PATH = '/forgot';
const SENT = '/forgot/sent';
/**
 * Limits on password reset requests for one email address and from one network. Requests beyond the limits send no
 * email but get the same response, so that the response doesn't reveal whether an account exists.
 */
const ADDRESS_LIMIT: SharedRateLimit = { max: 3, window: RESET_LINK_LIFETIME, name: 'forgotten' };
const NETWORK_LIMIT: SharedRateLimit = { max: 30, window: hours(1), name: 'forgotten-from' };

/**
 * Milliseconds after an email address was entered in which a password reset request sends a confirmation link to the
 * address, if it is still unconfirmed. Later only a user who is signed in can request that link, because an address
 * with a typo belongs to someone else.
 */
const UNCONFIRMED_VALID_FOR = days(7);

/**
 * Resets the limit on password reset requests for an address. A person who used a reset link can read email at that
 * address and may request another link.
 */
export const resetRequestLimit = (tx: Executor, email: string): Promise<void> => resetUses(tx, ADDRESS_LIMIT, email);

/**
 * Sends password reset links. The response is sent before any account is looked up, so neither its text nor its timing
 * reveals whether an account exists. The email goes only to the account's confirmed address. The link starts with
 * `PUBLIC_URL` and never with the request's Host header.
 */
export function forgotPasswordRoutes(app: FastifyInstance, deps: IdentityDeps, changes: CredentialChanges): void {
  const pending = new Set<Promise<void>>();
  app.addHook('onClose', async () => void (await Promise.all(pending)));

  app.get(PATH, async (request, reply) => show(request, reply, '', []));

  app.post<{ Body: IdentityFormFields | undefined }>(PATH, async (request, reply) => {
    deps.cookies.requireCsrf(request, singleValue(request.body?.['csrf']));
    const typed = singleValue(request.body?.['email']) ?? '';
    const email = parseEmailAddress(typed);
    if (email === undefined) {
      const { language } = deps.framing.forOperator(request);
      const errors = [{ field: 'email', message: getMessages(language).signIn.errors.email }];
      return show(request, reply.code(400), typed, errors);
    }
    const work = send(request, email)
      .catch((error: unknown) => request.log.error({ forgotten: String((error as { code?: unknown } | null)?.code) }))
      .finally(() => pending.delete(work));
    pending.add(work);
    return reply.redirect(SENT, 303);
  });

  app.get(SENT, async (request, reply) => {
    const pageContext = deps.framing.forOperator(request);
    const { sentTitle, sent, sentMore, unconfirmed, nothing } = getMessages(pageContext.language).signIn.forgotten;
    const { title } = getMessages(pageContext.language).signIn;
    const page = {
      title: sentTitle,
      text: [sent, ...sentMore, unconfirmed, nothing],
      links: [{ path: '/sign-in', text: title }],
    };
    return sendHtml(reply, deps.pages.message(page, pageContext));
  });

  async function send(request: FastifyRequest, email: string): Promise<void> {
    if ((await countUse(deps, NETWORK_LIMIT, clientNetwork(request.ip))) !== undefined) return;
    if ((await countUse(deps, ADDRESS_LIMIT, email)) !== undefined) return;
    // A developer and a patient can have the same address. Each account gets its own reset link, and the email names
    // the account.
    const [owner, developer] = [
      await findProfileByEmail(deps.db, email),
      await findDeveloperProfileByEmail(deps.db, email),
    ];
    for (const person of [owner, developer])
      if (person !== undefined && !person.published) await sendResetLink(request, person);
    const since = later(deps.clock.now(), -UNCONFIRMED_VALID_FOR);
    for (const { accountId, kind } of await findProfilesByUnconfirmedEmail(deps.db, email, since))
      if ((kind === 'developer' ? developer : owner) === undefined) await confirmFirst(request, accountId, email);
  }

  async function confirmFirst(request: FastifyRequest, accountId: AccountId, email: string): Promise<void> {
    await deps.db.transaction(async (tx) => {
      await sendEmailConfirmation(tx, deps, { accountId, email }, 'forgotten');
      const event = { kind: 'account', outcome: 'success', requestId: request.id, accountId } as const;
      await deps.audit.appendInTransaction(tx, { ...event, detail: { action: 'forgotten-unconfirmed' } });
    });
  }

  async function sendResetLink(request: FastifyRequest, { accountId, username }: AccountProfile): Promise<void> {
    await deps.db.transaction(async (tx) => {
      const now = deps.clock.now();
      const token = await createLink(tx, { random: deps.random, now }, { accountId, purpose: 'reset-password' });
      const link = `${deps.publicUrl}/reset/${token}`;
      await changes.send(tx, accountId, (mail) => mail.forgotten({ username, link }));
      const event = { kind: 'account', outcome: 'success', requestId: request.id, accountId } as const;
      await deps.audit.appendInTransaction(tx, { ...event, detail: { action: 'forgotten' } });
    });
  }

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    email: string,
    errors: readonly FormFieldError[],
  ): FastifyReply {
    const pageContext = deps.framing.forOperator(request, PATH);
    const { title, lead, email: field, button, noAddress } = getMessages(pageContext.language).signIn.forgotten;
    const csrf = deps.cookies.csrf(request, reply);
    const page = { csrf, errors, action: PATH, fields: {}, back: '/sign-in', title, lead, field, button, email };
    return sendHtml(reply, deps.pages.email({ ...page, more: noAddress }, pageContext));
  }
}
