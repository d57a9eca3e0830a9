import type { FastifyRequest } from 'fastify';
import type { Executor } from '../database/index.ts';
import type { Language } from '../i18n/index.ts';
import { findDeveloperProfileByEmail } from '../identity/index.ts';
import { clientNetwork, hours, later, randomSecret, sha256 } from '../kernel/index.ts';
import {
  type EmailRecipient,
  type OrganisationEmailDeps,
  type PortalContext,
  portalAddress,
  queueDeveloperEmail,
} from '../portal-api/index.ts';
import { countUse, type SharedRateLimit } from '../rate-limit/index.ts';
import { insertSignUp } from './sign-up-store.ts';

type SendLinkDeps = Omit<PortalContext, 'guard'> & OrganisationEmailDeps;

const LINK_LIFETIME = hours(24);
/**
 * Rate limits of sign-up links. Beyond these limits no email is sent and the response stays the
 * same, so that no one can flood a mailbox or find out who has an account.
 */
const PER_MAILBOX: SharedRateLimit = { max: 3, window: hours(1), name: 'sign-up' };
export const PER_NETWORK: SharedRateLimit = { max: 20, window: hours(1), name: 'sign-up-from' };

/**
 * Emails a sign-up link. An address that already has an account gets an email that says how to sign
 * in.
 * @param email normalized email address
 */
export async function sendLink(
  deps: SendLinkDeps,
  request: Pick<FastifyRequest, 'ip' | 'id'>,
  email: string,
  language: Language,
): Promise<void> {
  const { db } = deps;
  if ((await countUse(deps, PER_NETWORK, clientNetwork(request.ip))) !== undefined) return;
  if ((await countUse(deps, PER_MAILBOX, toMailbox(email))) !== undefined) return;
  const person = await findDeveloperProfileByEmail(db, email);
  if (person === undefined) return sendSignUpLink(deps, request.id, { email, language });
  const { displayName: name } = person;
  const signIn = `${deps.publicUrl}/sign-in?return_to=%2Fdeveloper`;
  const links = { signIn, forgot: `${deps.publicUrl}/forgot` };
  await db.transaction((tx) =>
    queueDeveloperEmail(tx, deps, { email, language: person.language, name }, (mail) => mail.hasAccount(links)),
  );
}

async function sendSignUpLink(deps: SendLinkDeps, requestId: string, to: EmailRecipient): Promise<void> {
  await createSignUpLink(deps, requestId, to, (tx, token) => {
    const link = `${portalAddress(deps)}/sign-up/${token}`;
    return queueDeveloperEmail(tx, deps, to, (mail) => mail.signUp(link));
  });
}

/**
 * Creates a sign-up link for an address.
 * @param send what happens to the token in the same transaction
 * @returns the token of the link
 */
export async function createSignUpLink(
  deps: Pick<SendLinkDeps, 'db' | 'clock' | 'random' | 'audit'>,
  requestId: string,
  to: EmailRecipient,
  send: (tx: Executor, token: string) => Promise<void> = async () => {},
): Promise<string> {
  const token = randomSecret(deps.random);
  const now = deps.clock.now();
  const signUpId = deps.random.uuid();
  await deps.db.transaction(async (tx) => {
    const expiresAt = later(now, LINK_LIFETIME);
    await insertSignUp(tx, { hash: sha256(token), signUpId, ...to, now, expiresAt });
    await send(tx, token);
    const detail = { action: 'sign-up-asked', signUp: signUpId };
    await deps.audit.appendInTransaction(tx, { kind: 'account', outcome: 'success', requestId, detail });
  });
  return token;
}

/**
 * Returns one address for all addresses of a mailbox. The owner of a mailbox chooses the text after
 * a plus sign and, at many providers, where the dots are.
 */
const toMailbox = (email: string): string => {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, at).replace(/\+.*$/, '').replaceAll('.', '')}${email.slice(at)}`;
};
