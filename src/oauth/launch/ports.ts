import type { App } from '../../domain/index.ts';
import type { RecordId } from '../../kernel/index.ts';

export type LaunchableApp = Pick<App, 'clientId' | 'name' | 'kind' | 'state' | 'launchUri' | 'apis'>;

/** Lists all registered apps. The caller decides which of them can be launched. */
export interface LaunchableApps {
  list(): Promise<readonly LaunchableApp[]>;
}

/** An encounter that an EHR launch can select. */
export interface LaunchEncounter {
  readonly id: string;
  /** Day, month or year in which it starts, such as `2026-11-02`. */
  readonly date: string | undefined;
  readonly kind: string | undefined;
  readonly state: 'planned' | 'in-progress' | 'finished' | 'unknown';
}

/** Access to the content of a patient record. */
export interface LaunchRecordContents {
  /** Whether the record contains this resource and the APIs serve resources of its type. */
  contains(recordId: RecordId, type: string, id: string): Promise<boolean>;
  /** Lists the encounters of a record, newest first, at most 50. */
  listEncounters(recordId: RecordId): Promise<readonly LaunchEncounter[]>;
}
