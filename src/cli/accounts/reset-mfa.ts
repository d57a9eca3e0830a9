import { createAuditLog } from '../../audit/index.ts';
import { createMfaResetLink } from '../../identity/index.ts';
import { systemClock as clock, systemRandom as random } from '../../kernel/index.ts';
import { createEmailQueue } from '../../mail/index.ts';
import { announceAccountChange } from '../announce.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { ACCOUNTS_LOST_FACTOR } from '../definitions/accounts.ts';
import { withInstallation } from '../with-installation.ts';
import { findChangeableAccount } from './find-changeable-account.ts';

export async function resetMfaCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof ACCOUNTS_LOST_FACTOR>,
): Promise<number> {
  const [username] = positionals;
  const proofing = values.proofing.trim();
  const { brandName, publicUrl, mail } = input.config;
  const path = await withInstallation(input, ({ db, encryption }) =>
    db.transaction(async (tx) => {
      const { accountId } = await findChangeableAccount(tx, username);
      const audit = createAuditLog({ db: tx, clock, random });
      const post = createEmailQueue({ clock, random, encryption, sends: mail !== undefined });
      const verification = { by: 'command line', proofing } as const;
      await announceAccountChange(tx, input, { encryption }, { action: 'reset-administrator-factor', accountId });
      return createMfaResetLink(tx, { clock, random, audit, post, brandName }, accountId, verification);
    }),
  );
  const link = `${publicUrl}${path}`;
  printResult(
    input,
    { username, link },
    `${link}\nThis link is shown only once. Give it to the person now. It works once and expires after 24 hours.`,
  );
  return 0;
}
