import type { ClientId, GrantId, PracticeId } from '../../kernel/index.ts';
import { type ExportPosition, FIRST_EXPORT_POSITION } from '../store/query/export-page.ts';
import type { ExportRequest } from './export-request.ts';

/**
 * How far a job has come: the current query, the last exported row, and the number of pages. A page is the rows that
 * one query execution fetches. The job's row stores this as JSON.
 */
export interface JobPosition {
  readonly query: number;
  readonly after: ExportPosition;
  readonly pages: number;
}

export const FIRST_JOB_POSITION: JobPosition = { query: 0, after: FIRST_EXPORT_POSITION, pages: 0 };

/** One output file of an export. The job's row stores it as JSON. */
export interface ExportFile {
  readonly type: string;
  readonly count: number;
  /** Size of the file as uncompressed NDJSON, in bytes. */
  readonly bytes: number;
  readonly chunks: number;
}

export interface ExportJobError {
  readonly message: string;
  readonly status: number;
}

export interface ExportJob {
  readonly jobId: string;
  readonly clientId: ClientId;
  readonly grantId: GrantId;
  readonly familyId: string;
  /** Scope of the access token that started the job. */
  readonly scope: string;
  readonly practices: readonly PracticeId[];
  readonly groupId: string | undefined;
  readonly exportRequest: ExportRequest;
  /** Absolute URL of the kick-off request. */
  readonly request: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** Reason why the job failed, in words for the app's developer. undefined if it hasn't failed. */
  readonly error: ExportJobError | undefined;
  readonly requestedAt: Date;
  /** Point in time whose data the export contains. undefined until work on the job begins. */
  readonly transactionAt: Date | undefined;
  readonly attempts: number;
  readonly position: JobPosition;
  /**
   * Number of patients in the export; `patientsDone` is the number of finished ones. Both count a patient once for each
   * query over patient records.
   */
  readonly patients: number | undefined;
  readonly patientsDone: number;
  /** Number of resources in the output files so far. */
  readonly written: number;
  readonly files: readonly ExportFile[];
  readonly expiresAt: Date | undefined;
}
