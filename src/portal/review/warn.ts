import type { Executor } from '../../database/index.ts';
import { listPeople, type Person } from '../../people/index.ts';
import { type DueVersion, takeVersionsDue } from '../../registry/index.ts';
import type { PortalDeps } from '../deps.ts';
import { type MailDeps, tell } from './mail.ts';

/**
 * Warns administrators of versions whose deadline is near, once for each of the two steps. There may
 * be any number of apps without an organization, so one email lists all that are due.
 */
export async function warnReviewers(deps: MailDeps & Pick<PortalDeps, 'db' | 'clock'>): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const due = await takeVersionsDue(tx, deps.clock.now());
    if (due.length === 0) return;
    const administrators = (await listPeople(tx)).filter(mayBeWarned);
    const ofNobody = due.filter((version) => version.ofNobody);
    for (const person of administrators) {
      for (const version of due) if (!version.ofNobody) await warn(tx, deps, person, version);
      if (ofNobody.length > 0) await warnOfMany(tx, deps, person, ofNobody);
    }
  });
}

const mayBeWarned = ({ administrator, published, lockedAt }: Person): boolean =>
  administrator && !published && lockedAt === undefined;

async function warnOfMany(
  tx: Executor,
  deps: MailDeps,
  { displayName: name, email, language }: Person,
  versions: readonly DueVersion[],
): Promise<void> {
  const page = `${deps.publicUrl}/review`;
  const names = versions.slice(0, MOST_NAMED).map((version) => version.name);
  const app = names.join(', ');
  await tell(tx, deps, { name, email, language }, { app, page }, (messages, facts) =>
    messages.dueSoonOfNobody({ ...facts, count: versions.length, others: versions.length - names.length }),
  );
}

const MOST_NAMED = 5;

async function warn(tx: Executor, deps: MailDeps, person: Person, version: DueVersion): Promise<void> {
  const page = `${deps.publicUrl}/review/apps/${encodeURIComponent(version.clientId)}`;
  const { displayName: name, email, language } = person;
  await tell(tx, deps, { name, email, language }, { app: version.name, page }, (messages, facts) =>
    messages.dueSoon({ ...facts, until: facts.day(version.due), step: version.step }),
  );
}
