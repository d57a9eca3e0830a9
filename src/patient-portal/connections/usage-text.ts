import type { GrantUsage } from '../../audit/index.ts';
import { formatLongDate } from '../../i18n/index.ts';
import type { PatientPortalContext } from '../portal-context.ts';

/** Says that an app hasn't read the record, or since when it hasn't if only the latest reads are known. */
export function describeNoReads(
  { messages, pageContext, record }: PatientPortalContext,
  usage: GrantUsage | undefined,
): string {
  const { never, notSince } = messages.connections;
  return usage?.since === undefined
    ? never
    : notSince(formatLongDate(pageContext.language, usage.since, record.timeZone));
}

/** Says how often an app has read the record, or how often since a day. */
export function countReads(
  { messages, pageContext, record }: PatientPortalContext,
  { reads, since }: GrantUsage,
): string {
  const { readsCount, readsSince } = messages.connections;
  const count = readsCount(reads);
  return since === undefined ? count : readsSince(count, formatLongDate(pageContext.language, since, record.timeZone));
}
