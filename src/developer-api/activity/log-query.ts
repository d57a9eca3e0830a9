import type { AppLogPosition, AppLogRow } from '../../apps/index.ts';
import { invalidField, isUuid } from '../../kernel/index.ts';
import type { AppLogFilter, AppLogItem } from '../../portal-api/index.ts';

/**
 * Parses the cursor of a page of the request log: time and id of the last row of the previous page.
 * Throws `fields-invalid` if the cursor has another form.
 */
export function parseLogCursor(text: string | undefined): AppLogPosition | undefined {
  if (text === undefined) return undefined;
  const [time = '', id = ''] = text.split('_');
  const at = new Date(Number(time));
  if (/^\d{13}$/.test(time) && isUuid(id)) return { at, id };
  const message =
    'before must be the value of next from an earlier response. Omit it to start with the newest requests.';
  throw invalidField('before', message);
}

export const formatLogCursor = ({ at, id }: AppLogPosition): string => `${at.getTime()}_${id}`;

export const toLogSelection = ({ outcome, endpoint }: AppLogFilter) => ({
  endpoint,
  refused: outcome === undefined ? undefined : outcome === 'refused',
});

/**
 * Converts a row of the request log for the response. A patient of a live practice appears only by
 * pseudonym, even if the row contains an id.
 */
export const toLogItem = ({ pseudonym, patient, live, ...row }: AppLogRow): AppLogItem => ({
  ...row,
  at: row.at.toISOString(),
  endpoint: row.endpoint as AppLogItem['endpoint'],
  interaction: (row.interaction ?? null) as AppLogItem['interaction'],
  type: row.type ?? null,
  granted: (row.granted ?? null) as AppLogItem['granted'],
  parameters: [...row.parameters],
  patient: pseudonym === undefined ? null : { pseudonym, live, id: live ? null : (patient ?? null) },
  resources: row.resources ?? null,
  status: row.status ?? null,
  error: row.error ?? null,
  cause: row.cause ?? null,
  milliseconds: row.milliseconds ?? null,
});
