import type { App } from '../../domain/index.ts';
import type { RecordId } from '../../kernel/index.ts';
import type { LaunchEncounter } from '../ports.ts';

export type LaunchableApp = Pick<App, 'clientId' | 'name' | 'kind' | 'state' | 'launchUri' | 'apis'>;

/** Lists all registered apps. The caller decides which of them can be launched. */
export interface LaunchableApps {
  list(): Promise<readonly LaunchableApp[]>;
}

/** Access to the content of a patient record. */
export interface LaunchRecordContents {
  /** Whether the record contains this resource and the APIs serve resources of its type. */
  contains(recordId: RecordId, type: string, id: string): Promise<boolean>;
  /** Lists the encounters of a record, newest first, at most 50. */
  listEncounters(recordId: RecordId): Promise<readonly LaunchEncounter[]>;
}
