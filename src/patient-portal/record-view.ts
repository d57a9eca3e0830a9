import type { FastifyReply, FastifyRequest } from 'fastify';
import { UNTRUSTED_FILE } from '../kernel/index.ts';
import type { PatientPortalDeps } from './deps.ts';
import type { PatientPortalContext } from './portal-context.ts';

/** Kind of page or file that a person opened. Each value is a key of the messages in `reads.views`. */
export type RecordViewKind =
  | 'log'
  | 'log-csv'
  | 'log-fhir'
  | 'record'
  | 'document'
  | 'summary'
  | 'summary-pdf'
  | 'download-html'
  | 'download-csv'
  | 'download-r4'
  | 'download-dstu2';

export interface RecordView {
  readonly view: RecordViewKind;
  /** R4 resource type, if the page or file is about a single type. */
  readonly type?: string | undefined;
  /** Number of entries that were shown or saved. undefined if they aren't counted. */
  readonly resources?: number | undefined;
}

/**
 * Writes an audit event about the opened page or file before anything is sent. Like reads by apps, the event is visible
 * to everyone who can open the record.
 */
export async function logRecordView(
  { audit }: Pick<PatientPortalDeps, 'audit'>,
  { accountRecord }: Pick<PatientPortalContext, 'accountRecord'>,
  request: FastifyRequest,
  { view, type, resources }: RecordView,
): Promise<void> {
  await audit.append({
    kind: 'record-view',
    outcome: 'success',
    requestId: request.id,
    ...accountRecord,
    type,
    resources,
    detail: { view },
  });
}

/** Sends a file as a download. The file name must not identify a person. */
export const sendAsAttachment = (reply: FastifyReply, name: string, type: string): FastifyReply =>
  reply.type(type).headers({
    'content-disposition': `attachment; filename="${name}"`,
    ...UNTRUSTED_FILE,
  });
