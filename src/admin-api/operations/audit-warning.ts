import { claimUnreportedProblems } from '../../audit/index.ts';
import { getMessages } from '../../i18n/index.ts';
import { listAccountProfiles } from '../../identity/index.ts';
import { type OrganisationEmailDeps, type PortalContext, queueSignedEmail } from '../../portal-api/index.ts';

/** Emails all administrators when a check has found a change of the audit log. Each problem is reported once. */
export async function warnOfAuditChanges(
  deps: OrganisationEmailDeps & Pick<PortalContext, 'db' | 'clock'>,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const count = await claimUnreportedProblems(tx, deps.clock.now());
    if (count === 0) return;
    for (const { administrator, published, lockedAt, email, language, displayName } of await listAccountProfiles(tx)) {
      if (!administrator || published || lockedAt !== undefined || email === undefined) continue;
      const { changed } = getMessages(language).auditEmails;
      await queueSignedEmail(tx, deps, { email, language, name: displayName }, changed({ count }));
    }
  });
}
