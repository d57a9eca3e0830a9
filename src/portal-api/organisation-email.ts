import type { Executor } from '../database/index.ts';
import { getMessages, type Language, type Messages } from '../i18n/index.ts';
import { findAccountProfile } from '../identity/index.ts';
import type { AccountId, OrganisationId } from '../kernel/index.ts';
import type { EmailButton, ServerEmailQueue } from '../mail/index.ts';
import { listOrganisationMembers } from './organisation-members.ts';

export interface OrganisationEmailDeps {
  readonly post: ServerEmailQueue;
  /** Name of the installation. */
  readonly brandName: string;
  readonly publicUrl: string;
}
type DeveloperMessages = Messages['signUp'];

export interface EmailRecipient {
  readonly email: string;
  readonly language: Language;
  /** Name of the recipient; undefined if it isn't known. */
  readonly name?: string | undefined;
}

export interface EmailContent {
  readonly subject: string;
  readonly text: string;
  readonly button?: EmailButton | undefined;
}

/** Returns the subject and text of an email from the messages in the recipient's language. */
export type ComposeEmail = (mail: DeveloperMessages['emails'], messages: DeveloperMessages) => EmailContent;

/**
 * Queues an email to a developer. Unlike email to test patients, it is always sent, even if all
 * practices are sandboxes, because developers are real people.
 */
export async function queueDeveloperEmail(
  tx: Executor,
  deps: OrganisationEmailDeps,
  to: EmailRecipient,
  compose: ComposeEmail,
): Promise<void> {
  const { signUp } = getMessages(to.language);
  await queueSignedEmail(tx, deps, to, compose(signUp.emails, signUp));
}

/**
 * Queues an email to a developer, with a greeting and the server's signature. As with
 * `queueDeveloperEmail`, the email is sent even if all practices are sandboxes.
 */
export async function queueSignedEmail(
  tx: Executor,
  { post, brandName }: Pick<OrganisationEmailDeps, 'post' | 'brandName'>,
  to: EmailRecipient,
  { subject, text, button }: EmailContent,
): Promise<void> {
  const { signUp } = getMessages(to.language);
  const greeting = to.name === undefined ? '' : `${signUp.emails.greeting(to.name)}\n\n`;
  await post.queueInTransaction(tx, {
    to: to.email,
    subject,
    text: `${greeting}${text}`,
    language: to.language,
    button,
    reason: 'account',
    senderName: brandName,
    sandbox: false,
  });
}

/** Returns the absolute URL of the developer portal's home page, for links in emails. */
export const portalAddress = ({ publicUrl }: OrganisationEmailDeps): string => `${publicUrl}/developer`;

/** Returns the absolute URL of an organization's page in the developer portal, for links in emails. */
export const organisationAddress = (deps: OrganisationEmailDeps, organisationId: OrganisationId): string =>
  `${portalAddress(deps)}/organisation/${organisationId}`;

/** Notifies every administrator of an organization that a person asks to join it. */
export async function notifyOfJoinRequest(
  tx: Executor,
  deps: OrganisationEmailDeps,
  request: {
    readonly organisationId: OrganisationId;
    readonly organisationName: string;
    readonly name: string;
    readonly email: string;
  },
): Promise<void> {
  const { organisationId, organisationName: organisation, name, email } = request;
  const link = organisationAddress(deps, organisationId);
  for (const one of await listOrganisationMembers({ db: tx }, organisationId)) {
    if (one.role !== 'administrator' || one.email === undefined) continue;
    const to = { email: one.email, language: one.language, name: one.name };
    await queueDeveloperEmail(tx, deps, to, (mail) => mail.joinRequested({ name, email, organisation, link }));
  }
}

/** Emails a person at the address of their account. Does nothing if the account has no address. */
export async function emailPerson(
  tx: Executor,
  deps: OrganisationEmailDeps,
  accountId: AccountId,
  compose: ComposeEmail,
): Promise<void> {
  const person = await findAccountProfile(tx, accountId);
  if (person?.email === undefined) return;
  await queueDeveloperEmail(
    tx,
    deps,
    { email: person.email, language: person.language, name: person.displayName },
    compose,
  );
}
