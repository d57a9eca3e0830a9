import type { Trail } from '../../audit/index.ts';
import type { Database } from '../../database/index.ts';
import type { WriteDeps } from './write.ts';

export interface FeedDeps extends Omit<WriteDeps, 'sender' | 'author'> {
  readonly db: Database;
  /** This server's base URL for R4; see `SourceOrigin` for the default. */
  readonly base?: string | undefined;
  readonly audit: Pick<Trail, 'record' | 'recordWithin' | 'recordAllWithin'>;
}
