import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccountDeps } from './deps.ts';
import type { Place } from './place.ts';

/** What a person looked at: a name of the catalogue, `reads.views`. */
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
  /** Stored type, where it is one. */
  readonly type?: string | undefined;
  /** Entries that are shown or saved; undefined: not counted. */
  readonly resources?: number | undefined;
}

/** Recorded before anything leaves, like what apps read: whoever else acts for the patient sees it too. */
export async function recordView(
  { audit }: Pick<AccountDeps, 'audit'>,
  { whose }: Pick<Place, 'whose'>,
  request: FastifyRequest,
  { view, type, resources }: Viewed,
): Promise<void> {
  await audit.record({
    kind: 'record-view',
    outcome: 'success',
    requestId: request.id,
    ...whose,
    type,
    resources,
    detail: { view },
  });
}

/** A file to keep. Its name says nothing about a person. */
export const asFile = (reply: FastifyReply, name: string, type: string): FastifyReply =>
  reply.type(type).headers({
    'content-disposition': `attachment; filename="${name}"`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  });
