import { createAuditLog } from '../../audit/index.ts';
import { endAllSessions, setPassword } from '../../identity/index.ts';
import { systemClock as clock, systemRandom as random } from '../../kernel/index.ts';
import { announceAccountChange } from '../announce.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { ACCOUNTS_SET_PASSWORD } from '../definitions/accounts.ts';
import { withInstallation } from '../with-installation.ts';
import { findChangeableAccount } from './find-changeable-account.ts';
import { randomPassword } from './random-password.ts';

export async function setPasswordCommand(
  input: CommandInput,
  { positionals }: CommandArguments<typeof ACCOUNTS_SET_PASSWORD>,
): Promise<number> {
  const [username] = positionals;
  const password = randomPassword(random);
  await withInstallation(input, ({ db, encryption }) =>
    db.transaction(async (tx) => {
      const account = await findChangeableAccount(tx, username);
      const { accountId } = account;
      await setPassword(tx, accountId, password, input.config.passwordCost);
      await endAllSessions(tx, accountId);
      const detail = { action: 'set-password', by: 'command line' };
      await createAuditLog({ db: tx, clock, random }).appendInTransaction(tx, {
        kind: 'account',
        outcome: 'success',
        accountId,
        detail,
      });
      await announceAccountChange(tx, input, { encryption }, { action: 'set-administrator-password', accountId });
    }),
  );
  const note =
    'The password is shown only once. Give it to the person now. A second factor, if set up, is still required.';
  printResult(input, { username, password }, `username: ${username}\npassword: ${password}\n${note}`);
  return 0;
}
