import { type Executor, transactionOf } from '../../../database/index.ts';
import type { PracticeId, RecordId } from '../../../kernel/index.ts';
import { findIdRegistry, type IdRegistryState } from '../../../practices/index.ts';

/** The part of the id registry of a practice that a transaction knows. */
export interface KnownRegistry {
  /** It changes only with the exclusive lock of the practice. */
  readonly state: IdRegistryState;
  /** Ids that were looked up, as `Type/id`, with the record that has or had the resource; undefined if none has. */
  readonly ids: Map<string, RecordId | undefined>;
}

/** By transaction, to which its savepoints belong too. */
const known = new WeakMap<Executor, Map<PracticeId, KnownRegistry>>();

/** Keeps the state that a transaction read with a lock of the practice, so that it isn't read again. */
export function rememberRegistry(tx: Executor, practiceId: PracticeId, state: IdRegistryState): KnownRegistry {
  const transaction = transactionOf(tx);
  const registries = known.get(transaction) ?? new Map<PracticeId, KnownRegistry>();
  known.set(transaction, registries);
  const registry = { state, ids: new Map<string, RecordId | undefined>() };
  registries.set(practiceId, registry);
  return registry;
}

/** Returns the part of the id registry of a practice that a transaction knows. Reads the state if it must. */
export const openRegistry = async (tx: Executor, practiceId: PracticeId): Promise<KnownRegistry> =>
  known.get(transactionOf(tx))?.get(practiceId) ??
  rememberRegistry(tx, practiceId, await findIdRegistry(tx, practiceId));
