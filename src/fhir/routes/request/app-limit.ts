import type { FastifyReply } from 'fastify';
import type { AccessGrant } from '../../../access/index.ts';
import { type Clock, Problem } from '../../../kernel/index.ts';
import { createTokenBuckets } from '../../../rate-limit/index.ts';

/** Rate limits of apps at the FHIR APIs, counted by this process. */
export interface AppLimit {
  /**
   * Counts a request of an app. Sets the `RateLimit` headers of its response (draft-ietf-httpapi-ratelimit-headers-10).
   * @returns undefined if the request is allowed
   */
  count(grant: AccessGrant, reply: FastifyReply): ThrottledRequest | undefined;
}

export interface ThrottledRequest {
  readonly problem: Problem;
  /**
   * Whether the audit log should have it. It has the first rejection of an app in a minute: an app that ignores the limit
   * would otherwise fill it with thousands of events that disclose nothing.
   */
  readonly isAudited: boolean;
}

/**
 * Creates the rate limits of apps. Both FHIR APIs share them.
 * @param perMinute limit of an app for which an administrator has set no other one
 */
export function createAppLimit(clock: Clock, perMinute: number): AppLimit {
  const buckets = createTokenBuckets(clock);
  return {
    count({ clientId, requestsPerMinute = perMinute }, reply) {
      const { isAllowed, remaining, secondsToNext, isFirstRejection } = buckets.take(clientId, requestsPerMinute);
      reply.header('ratelimit-policy', `"app";q=${requestsPerMinute};w=60`);
      reply.header('ratelimit', `"app";r=${remaining};t=${secondsToNext}`);
      return isAllowed
        ? undefined
        : { problem: throttled(requestsPerMinute, secondsToNext), isAudited: isFirstRejection };
    },
  };
}

const throttled = (perMinute: number, retryAfter: number): Problem =>
  new Problem('throttled', {
    status: 429,
    message: `This app may send ${perMinute} requests per minute, for all of its users together. Wait ${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'}, then send fewer requests at a time.`,
    retryAfter,
  });
