import type { AccessGrant } from '../../access/index.ts';
import { type Executor, statement } from '../../database/index.ts';
import type { BackendAccess, FhirApi } from '../../domain/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import type { ServedTypes } from '../ports.ts';
import { findGrantableScopes } from '../scopes/grantable-scopes.ts';
import { PRACTICE_IDS } from './active-token.ts';

const findStatement = statement(
  'oauth.backend.standing',
  { scope: 'text', apis: '_text', practices: '_int4', provisional: 'bool' },
  `select a.scope, a.apis, ${PRACTICE_IDS} as practices, a.state = 'provisional' as provisional
   from consent_grant g join app a on a.client_id = g.client_id
   where g.grant_id = $1 and g.client_id = $2 and g.subject = 'backend' and g.revoked_at is null
     and a.state in ('active', 'provisional')`,
);

/**
 * Finds the current grant of a backend app for a long operation, such as an export, that outlives its access token.
 * Returns undefined if the grant has ended or the app was stopped. Scopes and practices follow the current registration
 * of the app.
 */
export async function findCurrentBackendGrant(
  deps: { readonly db: Executor; readonly types: ServedTypes; readonly provisionalApps: 'sandbox' | 'inactive' },
  { clientId, grantId, familyId, scope }: BackendAccess,
): Promise<AccessGrant | undefined> {
  const [row] = await deps.db.query(findStatement, [grantId, clientId]);
  if (row === undefined || row.practices.length === 0) return undefined;
  if (row.provisional && deps.provisionalApps === 'inactive') return undefined;
  const scopes = findGrantableScopes(scope, row.scope, deps.types, { kind: 'backend', launch: false });
  return {
    grantId,
    familyId,
    clientId,
    accountId: undefined,
    record: undefined,
    practices: row.practices as PracticeId[],
    scopes,
    apis: row.apis as FhirApi[],
    practiceEnabled: true,
    withheld: [],
    fhirUser: undefined,
  };
}
