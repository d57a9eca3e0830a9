import { type Database, type Executor, statement } from '../../database/index.ts';
import { type ClientId, type Clock, minutes, type OrganisationId } from '../../kernel/index.ts';
import type { pseudonymLookup } from './pseudonym.ts';
import type { WriteBuffer } from './write-buffer.ts';

/** An app's first call: the first request with which the app received data. */
export interface AppFirstCall {
  readonly clientId: ClientId;
  readonly appName: string;
  readonly organisationId: OrganisationId;
  readonly at: Date;
  /** Whether the data came from a live practice rather than the sandbox. */
  readonly live: boolean;
}

export interface FirstCallDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly subjects: ReturnType<typeof pseudonymLookup>;
  /** Queues the email to the app's developers. Runs in the transaction that records the first call. */
  readonly firstCall?: ((tx: Executor, call: AppFirstCall) => Promise<void>) | undefined;
  readonly failed: (error: unknown) => void;
}

/** Records the time of an app's first call exactly once, even if several processes respond at the same time. */
const setFirst = statement(
  'registry.activity.set-first-call',
  { name: 'text', organisation_id: 'uuid?' },
  `update app set first_call_at = $2 where client_id = $1 and first_call_at is null returning name, organisation_id`,
);

/** Records the first call of a made-up app, about which no one gets an email. */
export async function setFirstCall(tx: Executor, clientId: ClientId, at: Date): Promise<void> {
  await tx.query(setFirst, [clientId, at]);
}

const MAX_KNOWN = 10_000;
const RETRY_DELAY = minutes(1);

/**
 * Records when each app first received data, and notifies the app's developers. Remembers in memory
 * the apps whose first call is on record. If the transaction that records the call and queues the
 * email fails, it is tried again after a minute at the earliest.
 */
export function firstCallRecorder(deps: FirstCallDeps) {
  const known = new Map<ClientId, number>();
  const isKnown = (clientId: ClientId): boolean => (known.get(clientId) ?? 0) > deps.clock.now().getTime();

  async function saveFirstCall(clientId: ClientId, call: PendingFirstCall): Promise<void> {
    const subject = call.recordId === undefined ? undefined : await subjectOf(clientId, call.recordId);
    await deps.db.transaction(async (tx) => {
      const [first] = await tx.query(setFirst, [clientId, call.at]);
      const organisationId = first?.organisation_id as OrganisationId | null | undefined;
      if (first === undefined || organisationId == null) return;
      const { name: appName } = first;
      await deps.firstCall?.(tx, { clientId, appName, organisationId, at: call.at, live: subject?.live ?? false });
    });
  }

  const subjectOf = async (clientId: ClientId, recordId: NonNullable<PendingFirstCall['recordId']>) =>
    (await deps.subjects(deps.db, [{ clientId, recordId }]))(clientId, recordId);

  return {
    isKnown,
    async write(calls: WriteBuffer['calls']): Promise<void> {
      for (const [clientId, call] of calls) {
        if (isKnown(clientId)) continue;
        if (known.size >= MAX_KNOWN) known.clear();
        const succeeded = await saveFirstCall(clientId, call).then(
          () => true,
          (error) => {
            deps.failed(error);
            return false;
          },
        );
        known.set(clientId, succeeded ? Number.POSITIVE_INFINITY : deps.clock.now().getTime() + RETRY_DELAY);
      }
    },
  };
}

type PendingFirstCall = WriteBuffer['calls'] extends Map<ClientId, infer One> ? One : never;
