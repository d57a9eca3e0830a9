import type { Trail } from '../../audit/index.ts';
import type { Database } from '../../database/index.ts';
import type { WriteDeps } from './write.ts';

export interface FeedDeps extends Omit<WriteDeps, 'sender' | 'author'> {
  readonly db: Database;
  readonly audit: Pick<Trail, 'record' | 'recordWithin' | 'recordAllWithin'>;
}
