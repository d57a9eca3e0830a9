import type { RecordId } from '../../kernel/index.ts';
import type { Client } from '../ports.ts';

export type LaunchableApp = Pick<Client, 'clientId' | 'name' | 'kind' | 'state' | 'launchUri' | 'apis'>;

/** The registered apps; which of them can be launched is decided here. */
export interface LaunchableApps {
  list(): Promise<readonly LaunchableApp[]>;
}

/** What lies in a record. */
export interface RecordContents {
  /** Whether it holds this resource, of a type that is served. */
  contains(recordId: RecordId, type: string, id: string): Promise<boolean>;
}
