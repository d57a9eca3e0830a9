import type { FastifyReply } from 'fastify';
import { findPersonByEmail } from '../../people/index.ts';
import { wordsIn } from '../../words/index.ts';
import { accountPage, existingPage } from '../pages/account.ts';
import { type ChoiceFault, type Chosen, readChoice } from '../patient/choose.ts';
import type { EnrollDeps } from '../patient/deps.ts';
import type { Opened } from '../patient/opened.ts';
import { keepAnswers } from '../patient/step-store.ts';
import { suggestUsernames } from '../patient/usernames.ts';
import { fieldOf } from './form.ts';
import { backToProof, requireStep } from './require-step.ts';
import { type EnrollSurface, show, type Visit } from './surface.ts';

const FIELDS: Readonly<Record<ChoiceFault, string>> = {
  'username-empty': 'username',
  'username-impossible': 'username',
  'username-taken': 'username',
  'email-unusable': 'email',
  'email-of-guardian': 'email',
  language: 'language',
};

/** Registers the page for the account's username, email address and language. */
export function accountRoutes(routes: EnrollSurface, deps: EnrollDeps): void {
  routes.get('/account', async (visit) => {
    const step = await requireStep(deps, visit);
    if (step === undefined) return backToProof(deps, visit);
    const { opened, request, reply } = visit;
    const owned = await ownedAddress(deps, opened);
    if (owned !== undefined) return show(reply, existingPage(opened, owned));
    const free = await suggestUsernames(deps.db, deps.random, opened.invitation.name);
    const { username = free[0] ?? '', email = '', language = opened.pageContext.language } = step.answers ?? {};
    const errors: readonly ChoiceFault[] = request.url.endsWith('?taken=1') ? ['username-taken'] : [];
    return page(visit, { username, email, language }, free, errors);
  });

  routes.post('/account', async (visit) => {
    const step = await requireStep(deps, visit);
    if (step === undefined) return backToProof(deps, visit);
    const { opened, request, reply } = visit;
    const field = (name: string): string => fieldOf(request.body, name).slice(0, 300);
    const chosen = { username: field('username'), email: field('email'), language: field('language') };
    const read = await readChoice(deps, opened, chosen);
    if (!('username' in read))
      return page(visit, chosen, await suggestUsernames(deps.db, deps.random, opened.invitation.name), read);
    if (!(await keepAnswers(deps.db, step.key, read))) return backToProof(deps, visit);
    return reply.redirect(`${opened.path}/key`, 303);
  });

  function page(
    { opened, request, reply }: Visit,
    chosen: Chosen,
    free: readonly string[],
    choice: readonly ChoiceFault[],
  ): FastifyReply {
    const messages = wordsIn(opened.pageContext.language).enrollment.account.faults;
    const errors = choice.map((error) => ({ field: FIELDS[error], message: messages[error] }));
    const csrf = deps.cookies.csrf(request, reply);
    return show(reply, accountPage(opened, { csrf, chosen, free, errors }), errors.length === 0 ? 200 : 400);
  }
}

/**
 * Returns the invitation's address if it belongs to an account. The person read the email sent there, so they may know.
 */
async function ownedAddress({ db }: EnrollDeps, { invitation }: Opened): Promise<string | undefined> {
  const { email } = invitation;
  return email !== undefined && (await findPersonByEmail(db, email)) !== undefined ? email : undefined;
}
