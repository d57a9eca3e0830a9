import { type EmailTopic, includesRole, listAccountsWithoutEmail, type OrganisationRole } from '../apps/index.ts';
import type { Executor } from '../database/index.ts';
import { getMessages } from '../i18n/index.ts';
import type { OrganisationId } from '../kernel/index.ts';
import { type EmailContent, type OrganisationEmailDeps, queueSignedEmail } from './organisation-email.ts';
import { listOrganisationMembers, type OrganisationMember } from './organisation-members.ts';

export interface NotificationEmail {
  readonly organisationId: OrganisationId;
  /** Topic of the email, which members can turn off. `always` if they can't. */
  readonly topic: EmailTopic | 'always';
  /** The least role of the members who get the email. */
  readonly role: OrganisationRole;
}

/**
 * Emails the members of an organization about an event of which the apps module notified them in the portal, each in
 * their language. Leaves out members who turned off emails about the topic.
 * @param tx the transaction that adds the notification, so that either both exist or none
 */
export async function emailMembers(
  tx: Executor,
  deps: OrganisationEmailDeps,
  { organisationId, topic, role }: NotificationEmail,
  compose: (member: OrganisationMember) => EmailContent,
): Promise<void> {
  const all = await listOrganisationMembers({ db: tx }, organisationId);
  const members = all.filter((member) => member.email !== undefined && includesRole(member.role, role));
  const ids = members.map(({ accountId }) => accountId);
  const off = topic === 'always' ? undefined : await listAccountsWithoutEmail(tx, topic, ids);
  for (const member of members) {
    const { accountId, email, language, name } = member;
    if (email === undefined || off?.has(accountId)) continue;
    const content = compose(member);
    const text = topic === 'always' ? content.text : `${content.text}\n\n${turnOffText(deps, member)}`;
    await queueSignedEmail(tx, deps, { email, language, name }, { ...content, text });
  }
}

const turnOffText = ({ publicUrl }: OrganisationEmailDeps, { language }: OrganisationMember): string =>
  getMessages(language).activityEmails.turnOff(`${publicUrl}/developer/notifications`);
