import type { AuditLog } from '../../audit/index.ts';
import type { Database } from '../../database/index.ts';
import type { FeedWriteDeps } from './write-bundle.ts';

export interface FeedDeps extends Omit<FeedWriteDeps, 'sender' | 'author'> {
  readonly db: Database;
  /** This server's base URL for R4; see `SourceOrigin` for the default. */
  readonly base?: string | undefined;
  readonly audit: Pick<AuditLog, 'append' | 'appendInTransaction' | 'appendAllInTransaction'>;
}
