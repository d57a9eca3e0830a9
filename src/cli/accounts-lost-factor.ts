import { openTrail } from '../audit/index.ts';
import { systemClock as clock, OperatorFault, systemRandom as random } from '../kernel/index.ts';
import { openPost } from '../mail/index.ts';
import { findAccount, giveLostFactorLink } from '../people/index.ts';
import { readArguments, UsageError } from './arguments.ts';
import { answer, type CommandInput } from './command.ts';
import { withInstallation } from './with-installation.ts';

export async function accountsLostFactor(input: CommandInput): Promise<number> {
  const options = { proofing: { type: 'string', default: '' } } as const;
  const { values, positionals } = readArguments(input.arguments, options, ['USERNAME']);
  const [username] = positionals;
  const proofing = values.proofing.trim();
  if (proofing === '') throw new UsageError('--proofing is missing.');
  const { brandName, publicUrl, mail } = input.config;
  const path = await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const account = await findAccount(tx, username);
      if (account === undefined) throw new OperatorFault(`There is no account with the username ${username}.`);
      if (account.published)
        throw new OperatorFault(
          `${username} is an account of the sandbox, which everyone may use: it can't be changed.`,
        );
      const audit = openTrail({ db: tx, clock, random });
      const post = openPost({ clock, random, sends: mail !== undefined });
      const given = { by: 'command line', proofing } as const;
      return giveLostFactorLink(tx, { clock, random, audit, post, brandName }, account.accountId, given);
    }),
  );
  const link = `${publicUrl}${path}`;
  answer(input, { username, link }, `${link}\nIt is shown this once: hand it over now. It is good once, for a day.`);
  return 0;
}
