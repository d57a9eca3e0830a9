import type { AppFirstCall } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import { formatLongDateTimeSeconds, getMessages } from '../../i18n/index.ts';
import type { ServerEmailQueue } from '../../mail/index.ts';
import { listOrganisationMembers } from '../../portal-api/index.ts';

export interface FirstCallEmailDeps {
  readonly post: ServerEmailQueue;
  readonly publicUrl: string;
  readonly brandName: string;
}

/**
 * Creates the function that emails an organization when its app first receives data. Administrators
 * and developers of the organization get the email, each in their language; members with the role
 * `reader` don't.
 */
export function createFirstCallNotifier({ post, publicUrl, brandName }: FirstCallEmailDeps) {
  return async (tx: Executor, { clientId, appName, organisationId, at, live }: AppFirstCall): Promise<void> => {
    const page = `${publicUrl}/developer/apps/${clientId}`;
    for (const { name, email, role, language } of await listOrganisationMembers({ db: tx }, organisationId)) {
      if (email === undefined || role === 'reader') continue;
      const when = formatLongDateTimeSeconds(language, at, 'UTC');
      const { activityMail } = getMessages(language);
      const values = { person: name, app: appName, live, at: when, log: `${page}/log`, usage: `${page}/usage` };
      await post.queueInTransaction(tx, {
        to: email,
        ...activityMail.firstCall(values),
        senderName: brandName,
        sandbox: false,
      });
    }
  };
}
