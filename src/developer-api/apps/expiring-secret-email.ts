import { claimExpiringSecrets, type ExpiringAppSecret, includesRole } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import { formatLongDate, getMessages } from '../../i18n/index.ts';
import {
  listOrganisationMembers,
  type OrganisationEmailDeps,
  type OrganisationMember,
  type PortalContext,
  queueSignedEmail,
} from '../../portal-api/index.ts';

export interface ExpiringSecretDeps extends Pick<PortalContext, 'db' | 'clock'>, OrganisationEmailDeps {}

/**
 * Emails the developers of each app whose secret expires soon, once for each secret, so that they
 * can replace it before requests fail.
 */
export async function warnOfExpiringSecrets(deps: ExpiringSecretDeps): Promise<void> {
  const { db, clock } = deps;
  await db.transaction(async (tx) => {
    for (const secret of await claimExpiringSecrets(tx, clock.now())) {
      const members = await listOrganisationMembers({ db: tx }, secret.organisationId);
      const recipients = members.filter(({ role }) => includesRole(role, 'developer'));
      for (const person of recipients) await queueEmail(tx, deps, secret, person);
    }
  });
}

async function queueEmail(
  tx: Executor,
  deps: ExpiringSecretDeps,
  { clientId, appName, secretName, expiresAt }: ExpiringAppSecret,
  { email, language, name }: OrganisationMember,
): Promise<void> {
  if (email === undefined) return;
  const { appForm } = getMessages(language);
  const page = `${deps.publicUrl}/developer/apps/${clientId}`;
  const day = formatLongDate(language, expiresAt, 'America/New_York');
  const content = appForm.expiringSecretEmail({ app: appName, secret: secretName, day, page });
  await queueSignedEmail(tx, deps, { email, language, name }, content);
}
