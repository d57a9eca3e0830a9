import { openTrail } from '../audit/index.ts';
import { systemClock as clock, systemRandom as random } from '../kernel/index.ts';
import { endSessionsOf, setPassword } from '../people/index.ts';
import { readArguments } from './arguments.ts';
import { changeableAccount } from './changeable-account.ts';
import { answer, type CommandInput } from './command.ts';
import { newPassword } from './new-password.ts';
import { withInstallation } from './with-installation.ts';

export async function accountsSetPassword(input: CommandInput): Promise<number> {
  const [username] = readArguments(input.arguments, {}, ['USERNAME']).positionals;
  const password = newPassword(random);
  await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const account = await changeableAccount(tx, username);
      const { accountId } = account;
      await setPassword(tx, accountId, password, input.config.passwordCost);
      await endSessionsOf(tx, accountId);
      const detail = { action: 'set-password', by: 'command line' };
      await openTrail({ db: tx, clock, random }).recordWithin(tx, {
        kind: 'account',
        outcome: 'success',
        accountId,
        detail,
      });
    }),
  );
  const note = 'The password is shown this once: hand it over now. A second factor, where there is one, stays.';
  answer(input, { username, password }, `username: ${username}\npassword: ${password}\n${note}`);
  return 0;
}
