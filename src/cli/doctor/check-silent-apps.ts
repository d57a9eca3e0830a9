import { hasWriteScopes } from '../../access/index.ts';
import { listApps } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import type { SourceHealth } from '../../intake/index.ts';
import { type DoctorFinding, okFinding, warningFinding } from './finding.ts';

type DoctorApp = Awaited<ReturnType<typeof listApps>>[number];

/** Days after the registration of an app within which the app is expected to send data for the first time. */
const NEW_DAYS = 3;
const DAY_MS = 86_400_000;

/**
 * Reports active backend apps with write access that never sent any data.
 * @param sources all apps and imports that have sent data
 */
export async function checkSilentApps(
  db: Executor,
  now: Date,
  sources: readonly SourceHealth[],
): Promise<readonly DoctorFinding[]> {
  const sending = new Set(sources.map(({ source }) => source));
  const silent = (await listApps(db)).filter(
    ({ clientId, kind, state, scope }) =>
      kind === 'backend' && state === 'active' && hasWriteScopes(scope) && !sending.has(`app:${clientId}`),
  );
  return silent.sort((a, b) => (a.name < b.name ? -1 : 1)).map((app) => silentAppFinding(app, now));
}

function silentAppFinding({ name, clientId, practiceIds, createdAt }: DoctorApp, now: Date): DoctorFinding {
  const age = Math.floor((now.getTime() - createdAt.getTime()) / DAY_MS);
  const message = `${name} has write access but has never sent data.`;
  if (practiceIds.length !== 1)
    return warningFinding(
      'feeds',
      message,
      `It has ${practiceIds.length} practices, but an app can write at only one. Choose it: patient-access apps set ${clientId} --practice NAME`,
    );
  if (age < NEW_DAYS)
    return okFinding(
      'feeds',
      `${name} has write access but hasn’t sent data yet; it was registered less than ${NEW_DAYS} days ago`,
    );
  return warningFinding(
    'feeds',
    message,
    `If its system does send, see the rejections with patient-access apps log ${clientId}. If the app should only read, remove its write scopes: patient-access apps set ${clientId} --scope SCOPES`,
  );
}
