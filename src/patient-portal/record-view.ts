import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PatientPortalDeps } from './deps.ts';
import type { PatientPortalContext } from './portal-context.ts';

/** Kind of page or file that was opened. Each value is a key of the message catalogue, `reads.views`. */
export type RecordViewKind =
  | 'log'
  | 'log-csv'
  | 'log-fhir'
  | 'record'
  | 'document'
  | 'summary'
  | 'download-r4'
  | 'download-dstu2';

export interface RecordView {
  readonly view: RecordViewKind;
  /** Stored resource type, if the view is about one type. */
  readonly type?: string | undefined;
  /** Number of entries shown or saved; undefined when they aren't counted. */
  readonly resources?: number | undefined;
}

/**
 * Writes the view to the audit log before anything is sent. Like reads by apps, it is visible to everyone who can open
 * the record.
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

/** Sends a download. The file name must not identify a person. */
export const sendAsAttachment = (reply: FastifyReply, name: string, type: string): FastifyReply =>
  reply.type(type).headers({
    'content-disposition': `attachment; filename="${name}"`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  });
