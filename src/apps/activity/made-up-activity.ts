import type { Executor } from '../../database/index.ts';
import type { AuthorizationFunnelStep, LoggedError, LoggedRequest, LoggedToken } from '../../domain/index.ts';
import { type ClientId, days, type Random } from '../../kernel/index.ts';
import { countError, countOne, countRequest, type PendingCounts } from './counts.ts';
import { setFirstCall } from './first-call.ts';
import { toErrorRow, toRequestRow, toTokenRow } from './log-rows.ts';
import { writeMadeUpActivity } from './write-activity.ts';
import type { BufferedRow, WriteBuffer } from './write-buffer.ts';

/** Something that a made-up app could have done, as the activity log of real apps takes it. */
export type MadeUpActivity = { readonly at: Date } & (
  | { readonly request: LoggedRequest }
  | { readonly error: LoggedError }
  | { readonly token: LoggedToken }
  | { readonly step: AuthorizationFunnelStep }
);

/**
 * Adds activity of a made-up app, with the rows and counts that the same activity of a real app has.
 * @param tx transaction in the space of the app
 * @param firstCallAt when the app first received data
 */
export async function addMadeUpActivity(
  tx: Executor,
  random: Random,
  { clientId, firstCallAt }: { readonly clientId: ClientId; readonly firstCallAt: Date },
  activity: readonly MadeUpActivity[],
): Promise<void> {
  const rows: WriteBuffer['rows'] = [];
  const counts: PendingCounts = new Map();
  const patients = new Set<string>();
  const addRow = (row: BufferedRow): void => void rows.push({ ...row, id: random.uuid() });
  for (const one of activity) {
    const { at } = one;
    if ('step' in one) countOne(counts, clientId, at, 'funnel', one.step);
    else if ('token' in one) addRow(toTokenRow(one.token, at));
    else if ('error' in one) {
      countError(counts, one.error, at);
      addRow(toErrorRow(one.error, at));
    } else {
      countRequest(counts, one.request, at);
      addRow(toRequestRow(one.request, at));
      for (const recordId of one.request.disclosedRecordIds) countPatient(at, recordId);
    }
  }
  await writeMadeUpActivity(tx, rows, counts);
  await setFirstCall(tx, clientId, firstCallAt);

  /** Counts a patient once a day, at its first hour, as real counts are when the day is over. */
  function countPatient(at: Date, recordId: number): void {
    const day = Math.floor(at.getTime() / days(1));
    if (patients.has(`${day} ${recordId}`)) return;
    patients.add(`${day} ${recordId}`);
    countOne(counts, clientId, new Date(day * days(1)), 'patients');
  }
}
