import type { Api, Grant } from '../../access/index.ts';
import { type Executor, statement } from '../../database/index.ts';
import type { ClientId, GrantId, PracticeId } from '../../kernel/index.ts';
import type { ServedTypes } from '../ports.ts';
import { grantable } from '../scopes.ts';
import { PRACTICES } from './good.ts';

const find = statement(
  'oauth.backend.standing',
  { scope: 'text', apis: '_text', practices: '_int4', provisional: 'bool' },
  `select a.scope, a.apis, ${PRACTICES} as practices, a.state = 'provisional' as provisional
   from consent_grant g join app a on a.client_id = g.client_id
   where g.grant_id = $1 and g.client_id = $2 and g.subject = 'backend' and g.revoked_at is null
     and a.state in ('active', 'provisional')`,
);

/** What a backend app began something with. */
interface Begun {
  readonly clientId: ClientId;
  readonly grantId: GrantId;
  readonly familyId: string;
  readonly scope: string;
}

/**
 * What a backend app may still do of what it began with a token, which is over before a long piece of work is: its grant
 * stands, the app is not stopped, and what it is registered for and at which practices is asked again.
 */
export async function backendGrantNow(
  deps: { readonly db: Executor; readonly types: ServedTypes; readonly provisionalApps: 'sandbox' | 'inactive' },
  { clientId, grantId, familyId, scope }: Begun,
): Promise<Grant | undefined> {
  const [row] = await deps.db.query(find, [grantId, clientId]);
  if (row === undefined || row.practices.length === 0) return undefined;
  if (row.provisional && deps.provisionalApps === 'inactive') return undefined;
  const scopes = grantable(scope, row.scope, deps.types, { kind: 'backend', launch: false });
  return {
    grantId,
    familyId,
    clientId,
    accountId: undefined,
    record: undefined,
    practices: row.practices as PracticeId[],
    scopes,
    apis: row.apis as Api[],
    practiceEnabled: true,
    withheld: [],
    fhirUser: undefined,
  };
}
