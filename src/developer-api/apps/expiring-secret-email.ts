import { claimExpiringSecrets, type ExpiringAppSecret, includesRole } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import { formatLongDate, getMessages } from '../../i18n/index.ts';
import { listOrganisationMembers, type OrganisationMember, type PortalDeps } from '../../portal-api/index.ts';

type ExpiringSecretDeps = Pick<PortalDeps, 'db' | 'clock' | 'post' | 'brandName' | 'publicUrl'>;

/**
 * Queues an email to the developers of each app whose secret is about to expire, once for each secret,
 * so that they hear of it before a request fails.
 */
export async function warnOfExpiringSecrets(deps: ExpiringSecretDeps): Promise<void> {
  const { db, clock } = deps;
  await db.transaction(async (tx) => {
    for (const secret of await claimExpiringSecrets(tx, clock.now())) {
      const people = await listOrganisationMembers({ db: tx }, secret.organisationId);
      const recipients = people.filter(({ role }) => includesRole(role, 'developer'));
      for (const person of recipients) await queueEmail(tx, deps, secret, person);
    }
  });
}

async function queueEmail(
  tx: Executor,
  { post, brandName, publicUrl }: ExpiringSecretDeps,
  { clientId, appName, secretName, expiresAt }: ExpiringAppSecret,
  { email, language, name }: OrganisationMember,
): Promise<void> {
  if (email === undefined) return;
  const { apps, mail, security } = getMessages(language);
  const page = `${publicUrl}/developer/apps/${clientId}`;
  const day = formatLongDate(language, expiresAt, 'America/New_York');
  const { subject, text } = apps.secretExpires({ app: appName, secret: secretName, day, page });
  const body = `${security.mail.greeting(name)}\n\n${text}\n\n-- \n${mail.signature(brandName)}\n`;
  await post.queueInTransaction(tx, { to: email, subject, text: body, senderName: brandName, sandbox: false });
}
