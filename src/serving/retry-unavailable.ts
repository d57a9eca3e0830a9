import { setTimeout as pause } from 'node:timers/promises';
import { isDatabaseUnavailable, seconds } from '../kernel/index.ts';
import type { StopRequest } from './stop-request.ts';

/** Milliseconds before the first repetition. Each further pause is twice as long as the one before. */
const FIRST_PAUSE = seconds(1);
const LONGEST_PAUSE = seconds(30);

export interface RetryOptions {
  readonly stop: Pick<StopRequest, 'exitCode' | 'isRequested'>;
  /** Called with the code of an error, after which the work is repeated in `pause` milliseconds. */
  onRetry(code: string, pause: number): void;
}

/**
 * Repeats work that fails because the database is unavailable, until it succeeds.
 * @returns undefined if the server was asked to stop before that
 * @throws any other error of the work
 */
export async function retryWhileUnavailable<Result>(
  work: () => Promise<Result>,
  { stop, onRetry }: RetryOptions,
): Promise<Result | undefined> {
  for (let wait = FIRST_PAUSE; !stop.isRequested(); wait = Math.min(2 * wait, LONGEST_PAUSE)) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      onRetry((error as { readonly code: string }).code, wait);
    }
    await Promise.race([stop.exitCode, pause(wait, undefined, { ref: false })]);
  }
  return undefined;
}
