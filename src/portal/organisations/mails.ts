import type { Executor } from '../../database/index.ts';
import type { AccountId, OrganisationId } from '../../kernel/index.ts';
import { findPerson } from '../../people/index.ts';
import { type Language, type Words, wordsIn } from '../../words/index.ts';
import type { PortalDeps } from '../deps.ts';
import { peopleOfOrganisation } from './people.ts';

export type MailDeps = Pick<PortalDeps, 'post' | 'brandName' | 'publicUrl'>;
type DeveloperWords = Words['developers'];

export interface Addressee {
  readonly email: string;
  readonly language: Language;
  /** undefined if the person is unknown. */
  readonly name?: string | undefined;
}

/** Selects the text of an email in the recipient's language. */
export type Say = (mail: DeveloperWords['mail'], messages: DeveloperWords) => { subject: string; text: string };

/**
 * Queues an email to a developer. It always leaves the server, even if all practices are sandboxes,
 * because developers are real people.
 */
export async function writeTo(tx: Executor, deps: MailDeps, to: Addressee, compose: Say): Promise<void> {
  const { developers, mail } = wordsIn(to.language);
  const { subject, text } = compose(developers.mail, developers);
  const greeting = to.name === undefined ? '' : `${developers.mail.greeting(to.name)}\n\n`;
  await deps.post.queueWithin(tx, {
    to: to.email,
    subject,
    text: `${greeting}${text}\n\n-- \n${mail.signature(deps.brandName)}\n`,
    senderName: deps.brandName,
    sandbox: false,
  });
}

export const portalAddress = ({ publicUrl }: MailDeps): string => `${publicUrl}/developer`;
export const organisationAddress = (deps: MailDeps, organisationId: OrganisationId): string =>
  `${portalAddress(deps)}/organisation/${organisationId}`;

/** Notifies every administrator of the organization of a request to join. */
export async function tellOfRequest(
  tx: Executor,
  deps: MailDeps,
  asking: {
    readonly organisationId: OrganisationId;
    readonly organisationName: string;
    readonly name: string;
    readonly email: string;
  },
): Promise<void> {
  const { organisationId, organisationName: organisation, name, email } = asking;
  const link = organisationAddress(deps, organisationId);
  for (const one of await peopleOfOrganisation({ db: tx }, organisationId)) {
    if (one.role !== 'administrator' || one.email === undefined) continue;
    const to = { email: one.email, language: one.language, name: one.name };
    await writeTo(tx, deps, to, (mail) => mail.asked({ name, email, organisation, link }));
  }
}

/** Emails a person at the address of their account, if there is one. */
export async function tellPerson(tx: Executor, deps: MailDeps, accountId: AccountId, compose: Say): Promise<void> {
  const person = await findPerson(tx, accountId);
  if (person?.email === undefined) return;
  await writeTo(tx, deps, { email: person.email, language: person.language, name: person.displayName }, compose);
}
