import { claimRisingErrors, type RisingErrors } from '../../apps/index.ts';
import { getMessages } from '../../i18n/index.ts';
import { emailMembers, type OrganisationEmailDeps, type PortalContext } from '../../portal-api/index.ts';

interface RisingErrorDeps extends Pick<PortalContext, 'db' | 'clock' | 'random'>, OrganisationEmailDeps {}

/** Notifies the developers of each app that has many more errors than usual, at most once a day for each app. */
export async function warnOfRisingErrors(deps: RisingErrorDeps): Promise<void> {
  await deps.db.transaction(async (tx) => {
    for (const rising of await claimRisingErrors(tx, deps)) {
      const { organisationId } = rising;
      await emailMembers(tx, deps, { organisationId, topic: 'errors', role: 'developer' }, ({ language }) =>
        getMessages(language).activityEmails.errorsRising({
          ...rising,
          app: rising.appName,
          log: logUrl(deps, rising),
        }),
      );
    }
  });
}

const logUrl = ({ publicUrl }: RisingErrorDeps, { clientId }: RisingErrors): string =>
  `${publicUrl}/developer/apps/${encodeURIComponent(clientId)}/log?outcome=refused`;
