import { hasLettersForWriting } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import type { SourceHealth } from '../../intake/index.ts';
import { listApps } from '../../registry/index.ts';
import { type Finding, fine, look } from './checkup.ts';

type App = Awaited<ReturnType<typeof listApps>>[number];

/** Days within which a newly registered app is expected to send for the first time. */
const NEW = 3;
const DAY = 86_400_000;

/**
 * Reports apps with write access that never sent anything.
 * @param sources sources that have sent something
 */
export async function silentApps(
  db: Executor,
  now: Date,
  sources: readonly SourceHealth[],
): Promise<readonly Finding[]> {
  const sending = new Set(sources.map(({ source }) => source));
  const silent = (await listApps(db)).filter(
    ({ clientId, kind, state, scope }) =>
      kind === 'backend' && state === 'active' && hasLettersForWriting(scope) && !sending.has(`app:${clientId}`),
  );
  return silent.sort((a, b) => (a.name < b.name ? -1 : 1)).map((app) => findingOf(app, now));
}

function findingOf({ name, clientId, practiceIds, createdAt }: App, now: Date): Finding {
  const age = Math.floor((now.getTime() - createdAt.getTime()) / DAY);
  const says = `${name} may write, and never sent anything.`;
  if (practiceIds.length !== 1)
    return look(
      'feeds',
      says,
      `It is for ${practiceIds.length} practices, and an app writes at one: patient-access apps set ${clientId} --practice NAME`,
    );
  if (age < NEW)
    return fine('feeds', `${name} may write, and has not sent anything yet: it was registered ${age} days ago`);
  return look(
    'feeds',
    says,
    `If its system does send, patient-access apps log ${clientId} says what it is answered. If it is to read alone, take its letters away: apps set ${clientId} --scope`,
  );
}
