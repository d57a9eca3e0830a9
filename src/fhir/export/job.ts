import type { ClientId, GrantId, PracticeId } from '../../kernel/index.ts';
import { BEFORE_ALL, type ExportPlace } from '../store/export-page.ts';
import type { ExportAsked } from './asked.ts';

/** How far a job has come: which of its queries, the last row of it, and how many pages there were. */
export interface JobPlace {
  readonly query: number;
  readonly after: ExportPlace;
  readonly pages: number;
}

export const FIRST_PLACE: JobPlace = { query: 0, after: BEFORE_ALL, pages: 0 };

/** One file of an export. */
export interface ExportFile {
  readonly type: string;
  readonly count: number;
  /** As NDJSON. */
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
  /** As the token had it at the start. */
  readonly scope: string;
  readonly practices: readonly PracticeId[];
  readonly groupId: string | undefined;
  readonly asked: ExportAsked;
  /** Absolute address it was started at. */
  readonly request: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** Why it failed, for the app. */
  readonly fault: JobFault | undefined;
  readonly requestedAt: Date;
  /** The instant whose data it holds; undefined: not begun. */
  readonly transactionAt: Date | undefined;
  readonly attempts: number;
  readonly place: JobPlace;
  /** How many there are, and how many are done, once for each query of records. */
  readonly patients: number | undefined;
  readonly patientsDone: number;
  /** Resources. */
  readonly written: number;
  readonly files: readonly ExportFile[];
  readonly expiresAt: Date | undefined;
}
