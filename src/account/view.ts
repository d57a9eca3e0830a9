import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccountDeps } from './deps.ts';
import type { Place } from './place.ts';

/** Kind of page or file that was opened. Each value is a key of the message catalogue, `reads.views`. */
export type View =
  | 'log'
  | 'log-csv'
  | 'log-fhir'
  | 'record'
  | 'document'
  | 'summary'
  | 'download-r4'
  | 'download-dstu2';

export interface Viewed {
  readonly view: View;
  /** Stored resource type, if the view is about one type. */
  readonly type?: string | undefined;
  /** Number of entries shown or saved; undefined when they aren't counted. */
  readonly resources?: number | undefined;
}

/**
 * Writes the view to the audit log before anything is sent. Like reads by apps, it is visible to everyone who can open
 * the record.
 */
export async function recordView(
  { audit }: Pick<AccountDeps, 'audit'>,
  { whose: accountRecord }: Pick<Place, 'whose'>,
  request: FastifyRequest,
  { view, type, resources }: Viewed,
): Promise<void> {
  await audit.record({
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
export const asFile = (reply: FastifyReply, name: string, type: string): FastifyReply =>
  reply.type(type).headers({
    'content-disposition': `attachment; filename="${name}"`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  });
