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
  /**
   * Resolves when the rejection may be sent, after at most a second, or when the client closes the connection. So a
   * client that ignores `Retry-After` can't send its next request at once.
   */
  holdBack(): Promise<void>;
}

/** Maximum number of rejections that are held back at once. Each holds its request in memory. */
const MAX_HELD = 1000;

/**
 * Creates the rate limits of apps. Both FHIR APIs share them.
 * @param perMinute limit of an app for which an administrator has set no other one
 */
export function createAppLimit(clock: Clock, perMinute: number): AppLimit {
  const buckets = createTokenBuckets(clock);
  let held = 0;

  async function holdBack({ raw }: FastifyReply, milliseconds: number): Promise<void> {
    if (milliseconds === 0 || held >= MAX_HELD) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    raw.once('close', resolve);
    held += 1;
    await promise;
    held -= 1;
    raw.off('close', resolve);
    clearTimeout(timer);
  }

  return {
    count({ clientId, requestsPerMinute = perMinute }, reply) {
      const state = buckets.take(clientId, requestsPerMinute);
      const { isAllowed, remaining, secondsToNext, isFirstRejection, holdMs } = state;
      reply.header('ratelimit-policy', `"app";q=${requestsPerMinute};w=60`);
      reply.header('ratelimit', `"app";r=${remaining};t=${secondsToNext}`);
      if (isAllowed) return undefined;
      return {
        problem: throttled(requestsPerMinute, secondsToNext),
        isAudited: isFirstRejection,
        holdBack: () => holdBack(reply, holdMs),
      };
    },
  };
}

const throttled = (perMinute: number, retryAfter: number): Problem =>
  new Problem('throttled', {
    status: 429,
    message: `This app may send ${perMinute} requests per minute, for all of its users together. Wait ${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'}, then send fewer requests at a time.`,
    retryAfter,
  });
