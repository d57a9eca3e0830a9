import type { ClientId, GrantId, PracticeId } from '../../kernel/index.ts';
import { BEFORE_ALL, type ExportPlace } from '../store/export-page.ts';
import type { ExportAsked } from './asked.ts';

/** Progress of a job: the current query, its last exported row, and the number of pages. Stored as JSON. */
export interface JobPlace {
  readonly query: number;
  readonly after: ExportPlace;
  readonly pages: number;
}

export const FIRST_PLACE: JobPlace = { query: 0, after: BEFORE_ALL, pages: 0 };

/** One output file of an export. Stored as JSON. */
export interface ExportFile {
  readonly type: string;
  readonly count: number;
  /** Size as NDJSON, uncompressed. */
  readonly bytes: number;
  readonly chunks: number;
}

export interface JobFault {
  readonly message: string;
  readonly status: number;
}

export interface ExportJob {
  readonly jobId: string;
  readonly clientId: ClientId;
  readonly grantId: GrantId;
  readonly familyId: string;
  /** The token's scope when the job was started. */
  readonly scope: string;
  readonly practices: readonly PracticeId[];
  readonly groupId: string | undefined;
  readonly asked: ExportAsked;
  /** Absolute URL of the kick-off request. */
  readonly request: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** Why the job failed, in words for the app's developer. */
  readonly fault: JobFault | undefined;
  readonly requestedAt: Date;
  /** The instant whose data the export holds; undefined until the job has begun. */
  readonly transactionAt: Date | undefined;
  readonly attempts: number;
  readonly place: JobPlace;
  /** Number of patients, total and done. A patient counts once for each query over records. */
  readonly patients: number | undefined;
  readonly patientsDone: number;
  /** Number of resources written. */
  readonly written: number;
  readonly files: readonly ExportFile[];
  readonly expiresAt: Date | undefined;
}
