import { days } from '../../kernel/index.ts';
import type { AppConnection } from '../connections/connection.ts';

/** A change of who can read the record. */
export interface AccessChange {
  readonly kind: 'allowed' | 'ended';
  readonly app: string;
  readonly at: Date;
}

/** Milliseconds for which a change counts as recent. */
const RECENT = days(30);
/** Maximum number of changes, so that the overview stays short. */
const MAX_CHANGES = 5;

/** Lists the recent changes of access, newest first. */
export function listAccessChanges(connections: readonly AppConnection[], now: Date): readonly AccessChange[] {
  const since = now.getTime() - RECENT;
  return connections
    .flatMap(changesOf)
    .filter(({ at }) => at.getTime() >= since && at <= now)
    .sort((one, other) => other.at.getTime() - one.at.getTime())
    .slice(0, MAX_CHANGES);
}

/** Returns the last consent of a connection, and its end. */
function changesOf({ grant: { app, granted_at: at }, endedAt }: AppConnection): readonly AccessChange[] {
  return [
    { kind: 'allowed', app, at },
    ...(endedAt === undefined ? [] : [{ kind: 'ended' as const, app, at: endedAt }]),
  ];
}
