import { listPeople, type Person } from '../people/index.ts';
import { answer, type CommandInput, table } from './command.ts';
import { withInstallation } from './with-installation.ts';

export async function accountsList(input: CommandInput): Promise<number> {
  const people = await withInstallation(input, ({ db }) => listPeople(db));
  const values = people.map((person) => ({
    username: person.username,
    name: person.displayName,
    kind: kindOf(person),
    published: person.published,
    locked: person.lockedAt !== undefined,
  }));
  const rows = values.map((one) => [one.username, one.kind, stateOf(one), one.name]);
  answer(input, values, table(['username', 'kind', 'state', 'name'], rows));
  return 0;
}

const kindOf = ({ kind, administrator }: Person): string => (administrator ? 'administrator' : kind);

const stateOf = ({ locked, published }: { readonly locked: boolean; readonly published: boolean }): string =>
  locked ? 'locked' : published ? 'sandbox' : '';
