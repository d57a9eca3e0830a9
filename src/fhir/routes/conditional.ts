import type { FastifyRequest } from 'fastify';
import { parseHttpDate } from '../core/http-date.ts';

/** What a client says that it has already. */
export interface Known {
  /** If-None-Match */
  readonly tags: string | undefined;
  /** If-Modified-Since */
  readonly since: string | undefined;
}

export const knownTo = ({ headers }: FastifyRequest): Known => ({
  tags: headers['if-none-match'],
  since: headers['if-modified-since'],
});

interface Present {
  readonly etag: string;
  /** undefined: it is not told when it changed. */
  readonly changed?: Date;
  readonly now: Date;
}

/**
 * Whether the client has what there is. RFC 9110 §13.1.2: one of its tags is the current one, strong or weak, or it is any.
 * §13.1.3: a time is looked at only where there are no tags, and is left out of account if it is none.
 */
export function isKnown({ tags, since }: Known, { etag, changed, now }: Present): boolean {
  if (tags !== undefined) return tags.split(',').some((one) => one.trim() === '*' || weak(one) === weak(etag));
  const at = since === undefined ? undefined : parseHttpDate(since, now);
  // Last-Modified has no parts of a second.
  return at !== undefined && changed !== undefined && Math.floor(changed.getTime() / 1000) * 1000 <= at;
}

const weak = (tag: string): string => tag.trim().replace(/^W\//, '');
