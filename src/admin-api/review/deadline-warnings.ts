import { claimDueVersions, type DueVersion } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import { type AccountProfile, listAccountProfiles } from '../../identity/index.ts';
import type { OrganisationEmailDeps, PortalContext } from '../../portal-api/index.ts';
import { queueReviewEmail } from './review-email.ts';

/**
 * Warns administrators of versions whose review deadline is near or past. Each of a version's two
 * deadlines causes one warning. There may be any number of apps without an organization, so one
 * email warns of all their versions. Every other version gets an email of its own.
 */
export async function warnOfDeadlines(
  deps: OrganisationEmailDeps & Pick<PortalContext, 'db' | 'clock'>,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const due = await claimDueVersions(tx, deps.clock.now());
    if (due.length === 0) return;
    const administrators = (await listAccountProfiles(tx)).filter(isActiveAdministrator);
    const ofNobody = due.filter((version) => version.isUnowned);
    for (const person of administrators) {
      for (const version of due) if (!version.isUnowned) await emailWarning(tx, deps, person, version);
      if (ofNobody.length > 0) await emailUnownedWarning(tx, deps, person, ofNobody);
    }
  });
}

const isActiveAdministrator = ({ administrator, published, lockedAt }: AccountProfile): boolean =>
  administrator && !published && lockedAt === undefined;

async function emailUnownedWarning(
  tx: Executor,
  deps: OrganisationEmailDeps,
  { displayName: name, email, language }: AccountProfile,
  versions: readonly DueVersion[],
): Promise<void> {
  const page = `${deps.publicUrl}/review`;
  const names = versions.slice(0, MAX_NAMED).map((version) => version.name);
  const app = names.join(', ');
  await queueReviewEmail(tx, deps, { name, email, language }, { app, page }, (messages, facts) =>
    messages.dueSoonWithoutOrganisation({ ...facts, count: versions.length, others: versions.length - names.length }),
  );
}

const MAX_NAMED = 5;

async function emailWarning(
  tx: Executor,
  deps: OrganisationEmailDeps,
  person: AccountProfile,
  version: DueVersion,
): Promise<void> {
  const page = `${deps.publicUrl}/review/apps/${encodeURIComponent(version.clientId)}`;
  const { displayName: name, email, language } = person;
  await queueReviewEmail(tx, deps, { name, email, language }, { app: version.name, page }, (messages, facts) =>
    messages.dueSoon({ ...facts, until: facts.day(version.due), step: version.step }),
  );
}
