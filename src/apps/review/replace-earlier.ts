import { type Executor, statement } from '../../database/index.ts';
import type { ClientId } from '../../kernel/index.ts';

const replace = statement(
  'registry.review.replace-earlier',
  {},
  "update app_version set state = 'replaced' where client_id = $1 and version <> $2 and state = 'approved'",
);

/** Marks earlier approved versions as replaced. An app has one approved version: the one in effect. */
export async function replaceEarlier(tx: Executor, clientId: ClientId, version: number): Promise<void> {
  await tx.query(replace, [clientId, version]);
}
