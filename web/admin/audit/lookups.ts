import type { AccountsResponse } from '../../../src/portal-api/contract/operations.ts';
import type { ReviewedAppsResponse } from '../../../src/portal-api/contract/review.ts';
import { api } from '../../shell/api.ts';
import type { ComboboxOption } from '../../shell/search/use-combobox.ts';

async function searchApps(text: string): Promise<readonly ComboboxOption[]> {
  const { apps } = await api<ReviewedAppsResponse>('GET', `/review/apps?${new URLSearchParams({ text, limit: '10' })}`);
  return apps.map(({ clientId, name, organisation }) => ({
    key: clientId,
    text: name,
    detail: organisation?.name ?? clientId,
  }));
}

async function findAccounts(query: Readonly<Record<string, string>>): Promise<readonly ComboboxOption[]> {
  const { accounts } = await api<AccountsResponse>('GET', `/review/accounts?${new URLSearchParams(query)}`);
  return accounts.map(({ accountId, name, username }) => ({ key: accountId, text: name, detail: username }));
}

/** Finds apps by name, for a `LookupField`. */
export const appLookup = {
  search: searchApps,
  find: async (clientId: string) => (await searchApps(clientId)).find(({ key }) => key === clientId),
};

/** Finds staff, administrators and developers by name, for a `LookupField`. */
export const accountLookup = {
  search: (text: string) => findAccounts({ text }),
  // The text may be anything that was pasted, and only a UUID can be the id of an account.
  find: async (account: string) => (/^[\da-f-]{36}$/i.test(account) ? (await findAccounts({ account }))[0] : undefined),
};
