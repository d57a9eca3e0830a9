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
    const { at, request, reply } = visit;
    const owned = await ownedAddress(deps, at);
    if (owned !== undefined) return show(reply, existingPage(at, owned));
    const free = await suggestUsernames(deps.db, deps.random, at.invitation.name);
    const { username = free[0] ?? '', email = '', language = at.frame.language } = step.answers ?? {};
    const faults: readonly ChoiceFault[] = request.url.endsWith('?taken=1') ? ['username-taken'] : [];
    return page(visit, { username, email, language }, free, faults);
  });

  routes.post('/account', async (visit) => {
    const step = await requireStep(deps, visit);
    if (step === undefined) return backToProof(deps, visit);
    const { at, request, reply } = visit;
    const field = (name: string): string => fieldOf(request.body, name).slice(0, 300);
    const chosen = { username: field('username'), email: field('email'), language: field('language') };
    const read = await readChoice(deps, at, chosen);
    if (!('username' in read))
      return page(visit, chosen, await suggestUsernames(deps.db, deps.random, at.invitation.name), read);
    if (!(await keepAnswers(deps.db, step.key, read))) return backToProof(deps, visit);
    return reply.redirect(`${at.path}/key`, 303);
  });

  function page(
    { at, request, reply }: Visit,
    chosen: Chosen,
    free: readonly string[],
    choice: readonly ChoiceFault[],
  ): FastifyReply {
    const words = wordsIn(at.frame.language).enrollment.account.faults;
    const faults = choice.map((fault) => ({ field: FIELDS[fault], message: words[fault] }));
    const csrf = deps.cookies.csrf(request, reply);
    return show(reply, accountPage(at, { csrf, chosen, free, faults }), faults.length === 0 ? 200 : 400);
  }
}

/**
 * Returns the invitation's address if it belongs to an account. The person read the email sent there, so they may know.
 */
async function ownedAddress({ db }: EnrollDeps, { invitation }: Opened): Promise<string | undefined> {
  const { email } = invitation;
  return email !== undefined && (await findPersonByEmail(db, email)) !== undefined ? email : undefined;
}
