import { type AccountProfile, listAccountProfiles } from '../../identity/index.ts';
import { type CommandInput, formatTable, printResult } from '../command.ts';
import { withInstallation } from '../with-installation.ts';

export async function listAccountsCommand(input: CommandInput): Promise<number> {
  const accounts = await withInstallation(input, ({ db }) => listAccountProfiles(db));
  const values = accounts.map((person) => ({
    username: person.username,
    name: person.displayName,
    kind: accountKind(person),
    published: person.published,
    locked: person.lockedAt !== undefined,
  }));
  const rows = values.map((one) => [one.username, one.kind, accountState(one), one.name]);
  printResult(input, values, formatTable(['username', 'kind', 'state', 'name'], rows));
  return 0;
}

const accountKind = ({ kind, administrator }: AccountProfile): string => (administrator ? 'administrator' : kind);

const accountState = ({ locked, published }: { readonly locked: boolean; readonly published: boolean }): string =>
  locked ? 'locked' : published ? 'sandbox' : '';
