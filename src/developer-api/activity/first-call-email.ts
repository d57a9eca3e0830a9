import type { AppFirstCall } from '../../apps/index.ts';
import type { Config } from '../../config/index.ts';
import type { Executor } from '../../database/index.ts';
import { formatLongDateTimeSeconds, getMessages } from '../../i18n/index.ts';
import type { ServerEmailQueue } from '../../mail/index.ts';
import { listOrganisationMembers } from '../../portal-api/index.ts';

export interface FirstCallEmailDeps {
  readonly mail: ServerEmailQueue;
  readonly config: Pick<Config, 'publicUrl' | 'brandName'>;
}

/**
 * Creates the function that emails an organization when its app first receives data. Administrators
 * and developers of the organization get the email, each in their language; members with the role
 * `reader` don't.
 */
export function createFirstCallNotifier({ mail, config }: FirstCallEmailDeps) {
  return async (tx: Executor, { clientId, appName, organisationId, at, live }: AppFirstCall): Promise<void> => {
    const page = `${config.publicUrl}/developer/apps/${clientId}`;
    for (const { name, email, role, language } of await listOrganisationMembers({ db: tx }, organisationId)) {
      if (email === undefined || role === 'reader') continue;
      const when = formatLongDateTimeSeconds(language, at, 'UTC');
      const { activityEmails } = getMessages(language);
      const values = { person: name, app: appName, live, at: when, log: `${page}/log`, usage: `${page}/usage` };
      await mail.queueInTransaction(tx, {
        to: email,
        ...activityEmails.firstCall(values),
        language,
        reason: 'account',
        senderName: config.brandName,
        sandbox: false,
      });
    }
  };
}
