import { searchStaffAndDevelopers } from '../../identity/index.ts';
import {
  AccountsQuery,
  AccountsResponse,
  ERROR_RESPONSES,
  type PortalApi,
  type PortalContext,
} from '../../portal-api/index.ts';

const MAX_ACCOUNTS = 10;

/**
 * Adds the route with which administrators find an account by name, for example to filter the audit log. It doesn't
 * find patients and their representatives, because administrators have no access to patients.
 */
export function accountRoutes(api: PortalApi, { db, guard }: PortalContext): void {
  const schema = {
    tags: ['operations'],
    summary: 'Find staff, administrators and developers by name, username or email address',
    querystring: AccountsQuery,
    response: { 200: AccountsResponse, ...ERROR_RESPONSES },
  };
  api.get('/review/accounts', { schema }, async (request) => {
    await guard.reviewer(request);
    const { text = '', account } = request.query;
    const accounts = await searchStaffAndDevelopers(db, { text: text.trim(), accountId: account }, MAX_ACCOUNTS);
    return {
      accounts: accounts.map(({ accountId, displayName, username, kind }) => ({
        accountId,
        name: displayName,
        username,
        kind: kind === 'staff' ? kind : ('developer' as const),
      })),
    };
  });
}
