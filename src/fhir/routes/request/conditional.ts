import type { FastifyRequest } from 'fastify';
import { parseHttpDate } from '../../http/http-date.ts';

/** The validators of the copy that a client already has. */
export interface ConditionalHeaders {
  /** If-None-Match */
  readonly tags: string | undefined;
  /** If-Modified-Since */
  readonly since: string | undefined;
}

export const readConditionalHeaders = ({ headers }: FastifyRequest): ConditionalHeaders => ({
  tags: headers['if-none-match'],
  since: headers['if-modified-since'],
});

interface CurrentValidators {
  readonly etag: string;
  /** undefined if the time of the last change isn't disclosed. */
  readonly changed?: Date;
  readonly now: Date;
}

/**
 * Whether the client's copy is current. RFC 9110 §13.1.2: one of its entity tags equals the current one (weak
 * comparison), or is `*`. §13.1.3: the date is used only without entity tags, and is ignored if it is invalid.
 */
export function isNotModified({ tags, since }: ConditionalHeaders, { etag, changed, now }: CurrentValidators): boolean {
  if (tags !== undefined)
    return tags.split(',').some((one) => one.trim() === '*' || opaqueTag(one) === opaqueTag(etag));
  const at = since === undefined ? undefined : parseHttpDate(since, now);
  // Last-Modified has a precision of one second.
  return at !== undefined && changed !== undefined && Math.floor(changed.getTime() / 1000) * 1000 <= at;
}

const opaqueTag = (tag: string): string => tag.trim().replace(/^W\//, '');
