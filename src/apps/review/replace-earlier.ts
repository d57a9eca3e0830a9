import { type Executor, statement } from '../../database/index.ts';
import type { ClientId } from '../../kernel/index.ts';

const replace = statement(
  'registry.review.replace-earlier',
  {},
  "update app_version set state = 'replaced' where client_id = $1 and version <> $2 and state = 'approved'",
);

/** Marks the earlier approved versions of an app as replaced. Only the version in effect stays `approved`. */
export async function replaceEarlier(tx: Executor, clientId: ClientId, version: number): Promise<void> {
  await tx.query(replace, [clientId, version]);
}
