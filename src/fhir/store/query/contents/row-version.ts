import { TIMELINE_SQL } from '../../../../database/index.ts';

/**
 * Version of a row. The standby has the same text for it, because a transaction leaves at most one version of a row, and
 * transactions have the same ids on a primary and on its streaming standbys. `meta.versionId` isn't enough: converted
 * (DSTU2) texts have none, and merges change texts without raising it.
 */
export interface RowVersion {
  /** Id of the transaction that wrote the row (`xmin`). */
  readonly transaction: string;
  /**
   * Timeline of the primary that found the row. After a failover, transactions have the ids of those that the new primary
   * has lost. A standby that has the lost ones stays on the former timeline.
   */
  readonly timeline: number;
}

/** SQL for the version of a row. @param xmin SQL for the column `xmin` of the row */
export const rowVersionSql = (xmin: string): string => `${xmin}::text || '.' || ${TIMELINE_SQL}`;

/** Reads a version that `rowVersionSql` has selected. */
export function parseRowVersion(text: string): RowVersion {
  const [transaction = '', timeline = ''] = text.split('.');
  return { transaction, timeline: Number.parseInt(timeline, 16) };
}
