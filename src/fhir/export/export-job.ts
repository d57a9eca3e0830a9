import type { ClientId, GrantId, PracticeId } from '../../kernel/index.ts';
import { type ExportPosition, FIRST_EXPORT_POSITION } from '../store/query/export-page.ts';
import type { ExportRequest } from './export-request.ts';

/** Progress of a job: the current query, its last exported row, and the number of pages. Stored as JSON. */
export interface JobPosition {
  readonly query: number;
  readonly after: ExportPosition;
  readonly pages: number;
}

export const FIRST_JOB_POSITION: JobPosition = { query: 0, after: FIRST_EXPORT_POSITION, pages: 0 };

/** One output file of an export. Stored as JSON. */
export interface ExportFile {
  readonly type: string;
  readonly count: number;
  /** Size as NDJSON, uncompressed. */
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
  /** The token's scope when the job was started. */
  readonly scope: string;
  readonly practices: readonly PracticeId[];
  readonly groupId: string | undefined;
  readonly asked: ExportRequest;
  /** Absolute URL of the kick-off request. */
  readonly request: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** Why the job failed, in words for the app's developer. */
  readonly error: ExportJobError | undefined;
  readonly requestedAt: Date;
  /** The instant whose data the export holds; undefined until the job has begun. */
  readonly transactionAt: Date | undefined;
  readonly attempts: number;
  readonly place: JobPosition;
  /** Number of patients, total and done. A patient counts once for each query over records. */
  readonly patients: number | undefined;
  readonly patientsDone: number;
  /** Number of resources written. */
  readonly written: number;
  readonly files: readonly ExportFile[];
  readonly expiresAt: Date | undefined;
}
