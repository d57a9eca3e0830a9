import type { FastifyRequest } from 'fastify';
import { parseHttpDate } from '../../http/http-date.ts';

/** Conditional headers of a request from a client that already has a copy of the resource. */
export interface ConditionalHeaders {
  /** Value of the If-None-Match header. */
  readonly tags: string | undefined;
  /** Value of the If-Modified-Since header. */
  readonly since: string | undefined;
}

export const readConditionalHeaders = ({ headers }: FastifyRequest): ConditionalHeaders => ({
  tags: headers['if-none-match'],
  since: headers['if-modified-since'],
});

interface CurrentValidators {
  readonly etag: string;
  /** Time of the last change. undefined if the client may not learn it. */
  readonly changed?: Date;
  readonly now: Date;
}

/**
 * Whether the client's copy is current. RFC 9110 §13.1.2: it is if one of its entity tags equals the current one (weak
 * comparison), or is `*`. RFC 9110 §13.1.3: the date counts only if there are no entity tags, and an invalid date is
 * ignored.
 */
export function isNotModified({ tags, since }: ConditionalHeaders, { etag, changed, now }: CurrentValidators): boolean {
  if (tags !== undefined)
    return tags.split(',').some((one) => one.trim() === '*' || opaqueTag(one) === opaqueTag(etag));
  const at = since === undefined ? undefined : parseHttpDate(since, now);
  // Last-Modified has a precision of one second, so the time of the last change is rounded down to a full second.
  return at !== undefined && changed !== undefined && Math.floor(changed.getTime() / 1000) * 1000 <= at;
}

const opaqueTag = (tag: string): string => tag.trim().replace(/^W\//, '');
