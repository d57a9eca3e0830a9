import { openTrail } from '../audit/index.ts';
import { systemClock as clock, systemRandom as random } from '../kernel/index.ts';
import { openPost } from '../mail/index.ts';
import { giveLostFactorLink } from '../people/index.ts';
import { readArguments, UsageError } from './arguments.ts';
import { changeableAccount } from './changeable-account.ts';
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
      const account = await changeableAccount(tx, username);
      const audit = openTrail({ db: tx, clock, random });
      const post = openPost({ clock, random, sends: mail !== undefined });
      const verification = { by: 'command line', proofing } as const;
      return giveLostFactorLink(tx, { clock, random, audit, post, brandName }, account.accountId, verification);
    }),
  );
  const link = `${publicUrl}${path}`;
  answer(
    input,
    { username, link },
    `${link}\nThis link is shown only once. Hand it over now. It works once, within a day.`,
  );
  return 0;
}
