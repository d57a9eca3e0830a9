import { openTrail } from '../audit/index.ts';
import type { Executor } from '../database/index.ts';
import { type ClientId, systemClock as clock, systemRandom as random } from '../kernel/index.ts';

/** Records what the operator did to an app, in the transaction that does it. */
export async function recordChange(
  tx: Executor,
  clientId: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await openTrail({ db: tx, clock, random }).recordWithin(tx, {
    kind: 'app',
    outcome: 'success',
    clientId: clientId as ClientId,
    detail: { ...detail, by: 'command line' },
  });
}
