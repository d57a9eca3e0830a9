import type { AuditLog } from '../../audit/index.ts';
import type { Database } from '../../database/index.ts';
import type { FeedWriteDeps } from './write-bundle.ts';

export interface FeedDeps extends Omit<FeedWriteDeps, 'sender' | 'author'> {
  readonly db: Database;
  /** Base URL of this server's R4 API. If it is undefined, no absolute reference counts as one to this server. */
  readonly base?: string | undefined;
  readonly audit: Pick<AuditLog, 'append' | 'appendInTransaction' | 'appendAllInTransaction'>;
}
