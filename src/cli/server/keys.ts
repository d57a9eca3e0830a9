import { createAuditLog } from '../../audit/index.ts';
import { systemClock as clock, systemRandom as random } from '../../kernel/index.ts';
import { rotateSigningKeys } from '../../oauth/index.ts';
import { announceToAdministrators } from '../announce.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { KEYS_ROTATE } from '../definitions/server.ts';
import { withInstallation } from '../with-installation.ts';

export async function rotateKeysCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof KEYS_ROTATE>,
): Promise<number> {
  const { made, discarded } = await withInstallation(input, ({ db, encryption }) =>
    db.transaction(async (tx) => {
      const rotation = await rotateSigningKeys(tx, { clock, encryption }, values);
      const detail = { action: 'rotate', made: rotation.made.map(({ kid }) => kid), leaked: values.leaked };
      await createAuditLog({ db, clock, random }).appendInTransaction(tx, {
        kind: 'key',
        outcome: 'success',
        detail: { ...detail, by: 'command line' },
      });
      const action = values.leaked ? 'replace-leaked-keys' : 'rotate-keys';
      await announceToAdministrators(tx, input, { encryption }, { action, subject: '' });
      return rotation;
    }),
  );
  const lines = [
    ...made.map(({ kid, alg, activeFrom }) => `${alg} ${kid} signs from ${activeFrom.toISOString()}`),
    ...(discarded.length > 0 ? [`Removed: ${discarded.join(', ')}`] : []),
  ];
  printResult(
    input,
    {
      made: made.map(({ kid, alg, activeFrom }) => ({ kid, alg, active_from: activeFrom.toISOString() })),
      discarded,
    },
    lines.join('\n'),
  );
  return 0;
}
