import { claimExpiringSecrets, type ExpiringAppSecret } from '../../apps/index.ts';
import { formatLongDate, getMessages, type Language } from '../../i18n/index.ts';
import {
  type EmailContent,
  emailMembers,
  type OrganisationEmailDeps,
  type PortalContext,
} from '../../portal-api/index.ts';

export interface ExpiringSecretDeps extends Pick<PortalContext, 'db' | 'clock' | 'random'>, OrganisationEmailDeps {}

/**
 * Notifies the developers of each app whose secret expires soon, once for each secret, so that they
 * can replace it before requests fail.
 */
export async function warnOfExpiringSecrets(deps: ExpiringSecretDeps): Promise<void> {
  await deps.db.transaction(async (tx) => {
    for (const secret of await claimExpiringSecrets(tx, deps)) {
      const { organisationId } = secret;
      await emailMembers(tx, deps, { organisationId, topic: 'secrets', role: 'developer' }, ({ language }) =>
        composeEmail(deps, secret, language),
      );
    }
  });
}

function composeEmail(
  { publicUrl }: ExpiringSecretDeps,
  { clientId, appName, secretName, expiresAt }: ExpiringAppSecret,
  language: Language,
): EmailContent {
  const page = `${publicUrl}/developer/apps/${clientId}/credentials`;
  const day = formatLongDate(language, expiresAt, 'America/New_York');
  return getMessages(language).appForm.expiringSecretEmail({ app: appName, secret: secretName, day, page });
}
