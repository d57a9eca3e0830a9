import type { FastifyRequest } from 'fastify';
import { hours, later, networkOf, secretText, sha256 } from '../../kernel/index.ts';
import { countOver, findDeveloperByEmail, type Limit } from '../../people/index.ts';
import type { Language } from '../../words/index.ts';
import type { PortalDeps } from '../deps.ts';
import { type Addressee, portalAddress, writeTo } from '../organisations/mails.ts';
import { keepSignUp } from './store.ts';

const LINK_LASTS = hours(24);
/**
 * Beyond these limits nothing is sent and the response stays the same, so that nobody can flood a
 * mailbox or find out who has an account.
 */
const PER_MAILBOX: Limit = { most: 3, window: hours(1) };
const PER_NETWORK: Limit = { most: 20, window: hours(1) };

/** Emails a sign-up link or, if the address has an account, how to sign in. @param email normalized */
export async function sendLink(
  deps: PortalDeps,
  request: Pick<FastifyRequest, 'ip' | 'id'>,
  email: string,
  language: Language,
): Promise<void> {
  const { db, clock } = deps;
  if ((await countOver(db, clock, `sign-up-from\u0000${networkOf(request.ip)}`, PER_NETWORK)) !== undefined) return;
  if ((await countOver(db, clock, `sign-up\u0000${mailboxOf(email)}`, PER_MAILBOX)) !== undefined) return;
  const person = await findDeveloperByEmail(db, email);
  if (person === undefined) return sendNew(deps, request.id, { email, language });
  const { displayName: name } = person;
  const signIn = `${deps.publicUrl}/sign-in?return_to=%2Fdeveloper`;
  const links = { signIn, forgot: `${deps.publicUrl}/forgot` };
  await db.transaction((tx) =>
    writeTo(tx, deps, { email, language: person.language, name }, (mail) => mail.hasAccount(links)),
  );
}

async function sendNew(deps: PortalDeps, requestId: string, to: Addressee): Promise<void> {
  const token = secretText(deps.random);
  const now = deps.clock.now();
  const signUpId = deps.random.uuid();
  const link = `${portalAddress(deps)}/sign-up/${token}`;
  await deps.db.transaction(async (tx) => {
    const expiresAt = later(now, LINK_LASTS);
    await keepSignUp(tx, { hash: sha256(token), signUpId, ...to, now, expiresAt });
    await writeTo(tx, deps, to, (mail) => mail.signUp(link));
    const detail = { action: 'sign-up-asked', signUp: signUpId };
    await deps.audit.recordWithin(tx, { kind: 'account', outcome: 'success', requestId, detail });
  });
}

/**
 * Many addresses belong to one mailbox: the owner chooses what follows a plus sign and, at many
 * providers, where the dots are.
 */
const mailboxOf = (email: string): string => {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, at).replace(/\+.*$/, '').replaceAll('.', '')}${email.slice(at)}`;
};
