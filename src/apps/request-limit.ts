import { type Executor, statement } from '../database/index.ts';
import type { App } from '../domain/index.ts';
import { type Clock, OperatorError } from '../kernel/index.ts';
import { lockApp } from './app.ts';

/** Highest number of requests per minute that an administrator can allow an app. */
const MAX_REQUESTS_PER_MINUTE = 1_000_000;

const setLimit = statement(
  'registry.app.set-request-limit',
  {},
  'update app set requests_per_minute = $2 where client_id = $1',
);

/**
 * Sets how many requests per minute an app may send to the FHIR APIs. It takes effect within a second. Throws
 * `OperatorError` if the app doesn't exist or the number isn't allowed.
 * @param perMinute undefined: the default of the installation
 * @returns the app before the change
 */
export async function setRequestLimit(
  tx: Executor,
  clock: Clock,
  clientId: string,
  perMinute: number | undefined,
): Promise<App> {
  if (perMinute !== undefined && !isAllowed(perMinute))
    throw new OperatorError(`Requests per minute must be a whole number from 1 to ${MAX_REQUESTS_PER_MINUTE}.`);
  const app = await lockApp(tx, clock, clientId);
  await tx.query(setLimit, [app.clientId, perMinute ?? null]);
  return app;
}

const isAllowed = (perMinute: number): boolean =>
  Number.isInteger(perMinute) && perMinute >= 1 && perMinute <= MAX_REQUESTS_PER_MINUTE;
