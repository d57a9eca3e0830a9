import type { FastifyReply } from 'fastify';
import { getMessages } from '../../i18n/index.ts';
import { findProfileByEmail } from '../../identity/index.ts';
import { existingAccountPage, newAccountPage } from '../pages/account.ts';
import { type AccountChoiceError, type AccountChoices, validateChoices } from '../patient/account-choices.ts';
import type { EnrollmentPageDeps } from '../patient/deps.ts';
import type { OpenedInvitation } from '../patient/opened-invitation.ts';
import { saveChoices } from '../patient/step-store.ts';
import { suggestUsernames } from '../patient/usernames.ts';
import { fieldValue } from './form-fields.ts';
import { type InvitationRoutes, type InvitationVisit, sendPage } from './invitation-routes.ts';
import { findOpenStep, redirectToProof } from './require-step.ts';

const ERROR_FIELDS: Readonly<Record<AccountChoiceError, string>> = {
  'username-empty': 'username',
  'username-impossible': 'username',
  'username-taken': 'username',
  'email-unusable': 'email',
  'email-of-guardian': 'email',
  language: 'language',
};

/** Registers the enrollment page for the account's username, email address and language. */
export function newAccountRoutes(routes: InvitationRoutes, deps: EnrollmentPageDeps): void {
  routes.get('/account', async (visit) => {
    const step = await findOpenStep(deps, visit);
    if (step === undefined) return redirectToProof(deps, visit);
    const { opened, request, reply } = visit;
    const owned = await findOwnedEmail(deps, opened);
    if (owned !== undefined) return sendPage(reply, existingAccountPage(opened, owned));
    const free = await suggestUsernames(deps.db, deps.random, opened.invitation.name);
    const { username = free[0] ?? '', email = '', language = opened.pageContext.language } = step.answers ?? {};
    const errors: readonly AccountChoiceError[] = request.url.endsWith('?taken=1') ? ['username-taken'] : [];
    return page(visit, { username, email, language }, free, errors);
  });

  routes.post('/account', async (visit) => {
    const step = await findOpenStep(deps, visit);
    if (step === undefined) return redirectToProof(deps, visit);
    const { opened, request, reply } = visit;
    const field = (name: string): string => fieldValue(request.body, name).slice(0, 300);
    const chosen = { username: field('username'), email: field('email'), language: field('language') };
    const read = await validateChoices(deps, opened, chosen);
    if (!('username' in read))
      return page(visit, chosen, await suggestUsernames(deps.db, deps.random, opened.invitation.name), read);
    if (!(await saveChoices(deps.db, step.key, read))) return redirectToProof(deps, visit);
    return reply.redirect(`${opened.path}/key`, 303);
  });

  function page(
    { opened, request, reply }: InvitationVisit,
    chosen: AccountChoices,
    free: readonly string[],
    choice: readonly AccountChoiceError[],
  ): FastifyReply {
    const messages = getMessages(opened.pageContext.language).enrollment.account.errors;
    const errors = choice.map((error) => ({ field: ERROR_FIELDS[error], message: messages[error] }));
    const csrf = deps.cookies.csrf(request, reply);
    return sendPage(
      reply,
      newAccountPage(opened, { csrf, choices: chosen, suggestions: free, errors }),
      errors.length === 0 ? 200 : 400,
    );
  }
}

/**
 * Returns the invitation's email address if an account already has it. The page may show that the address has an
 * account, because the person has read email at the address.
 */
async function findOwnedEmail(
  { db }: EnrollmentPageDeps,
  { invitation }: OpenedInvitation,
): Promise<string | undefined> {
  const { email } = invitation;
  return email !== undefined && (await findProfileByEmail(db, email)) !== undefined ? email : undefined;
}
