import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import { type AccountId, type Clock, type RecordId, sha256 } from '../../kernel/index.ts';
import { findLaunch } from '../launch/launch-store.ts';
import type { LaunchContext } from '../token/launch-context.ts';

/** The EHR launch that the `launch` parameter of an authorization request stands for. */
export interface ResolvedLaunch {
  readonly hash: Buffer;
  readonly accountId: AccountId;
  readonly recordId: RecordId;
  readonly context: LaunchContext;
}

/**
 * Looks up the EHR launch that the `launch` parameter stands for (SMART App Launch 2.2 §2.0.10). Returns undefined if
 * there is no such parameter, and an error message for the app if the launch can't be used.
 */
export async function resolveLaunch(
  deps: { db: Executor; clock: Clock },
  client: App,
  text: string | undefined,
): Promise<ResolvedLaunch | undefined | string> {
  if (text === undefined) return undefined;
  const hash = sha256(text);
  const found = await findLaunch(deps.db, hash, deps.clock.now());
  if (found === undefined) return 'Unknown launch token. Send the launch value exactly as the launch URL contained it.';
  if (found === 'used') return 'This launch was already used. Launch the app again.';
  if (found === 'expired') return 'This launch has expired. Launch the app again.';
  if (found.clientId !== client.clientId) return 'This launch was made for a different app.';
  return { hash, accountId: found.accountId, recordId: found.recordId, context: found.context };
}
