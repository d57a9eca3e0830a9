import { isUuid, Problem } from '../../kernel/index.ts';
import type { LogPosition, LogRow } from '../../registry/index.ts';
import type { LogFilter, LogItem } from '../contract/activity.ts';

/** Parses a page cursor: time and id of the last row of the page before. Throws `fields-invalid`. */
export function positionIn(text: string | undefined): LogPosition | undefined {
  if (text === undefined) return undefined;
  const [time = '', id = ''] = text.split('_');
  const at = new Date(Number(time));
  if (/^\d{13}$/.test(time) && isUuid(id)) return { at, id };
  const message = 'before must be what an earlier answer gave as next. Leave it out to begin with the newest.';
  throw new Problem('fields-invalid', { status: 400, message, faults: [{ field: 'before', message }] });
}

export const nextOf = ({ at, id }: LogPosition): string => `${at.getTime()}_${id}`;

export const queryOf = ({ outcome, endpoint }: LogFilter) => ({
  endpoint,
  refused: outcome === undefined ? undefined : outcome === 'refused',
});

/** Converts a log row for the response. A live patient appears only by pseudonym, even if the row contains an id. */
export const itemOf = ({ pseudonym, patient, live, ...row }: LogRow): LogItem => ({
  ...row,
  at: row.at.toISOString(),
  endpoint: row.endpoint as LogItem['endpoint'],
  interaction: (row.interaction ?? null) as LogItem['interaction'],
  type: row.type ?? null,
  granted: (row.granted ?? null) as LogItem['granted'],
  parameters: [...row.parameters],
  patient: pseudonym === undefined ? null : { pseudonym, live, id: live ? null : (patient ?? null) },
  resources: row.resources ?? null,
  status: row.status ?? null,
  error: row.error ?? null,
  cause: row.cause ?? null,
  milliseconds: row.milliseconds ?? null,
});
