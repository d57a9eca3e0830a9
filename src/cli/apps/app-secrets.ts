import { addSecret, endSecret } from '../../apps/index.ts';
import {
  systemClock as clock,
  days,
  later,
  OperatorError,
  systemRandom as random,
  toSingleLine,
} from '../../kernel/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { APPS_SECRET } from '../definitions/apps.ts';
import { parseCount } from '../option-values.ts';
import { withInstallation } from '../with-installation.ts';
import { appendAppChange, notifyDevelopers } from './app-audit.ts';

export async function appSecretCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof APPS_SECRET>,
): Promise<number> {
  const [clientId] = positionals;
  if (values.end === undefined) await addAppSecret(input, clientId, values.name, values['expires-in']);
  else await endAppSecret(input, clientId, parseTime(values.end));
  return 0;
}

async function addAppSecret(
  input: CommandInput,
  clientId: string,
  named: string | undefined,
  expiresIn: string | undefined,
): Promise<void> {
  const name = toSingleLine(named ?? '', MAX_SECRET_NAME_LENGTH) || undefined;
  const expiresAt = expiresIn === undefined ? undefined : later(clock.now(), days(parseCount('expires-in', expiresIn)));
  const { clientSecret } = await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const added = await addSecret(tx, { clock, random }, clientId, { name, expiresAt });
      await appendAppChange(tx, clientId, { action: 'add-secret' });
      await notifyDevelopers(tx, clientId, 'secret-made', {
        name: added.name,
        expiresAt: expiresAt?.toISOString() ?? null,
      });
      return added;
    }),
  );
  const fields = {
    client_id: clientId,
    client_secret: clientSecret,
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt.toISOString() }),
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  printResult(input, fields, [...lines, 'The secret is shown only once. Save it now.'].join('\n'));
}

const MAX_SECRET_NAME_LENGTH = 60;

async function endAppSecret(input: CommandInput, clientId: string, createdAt: Date): Promise<void> {
  await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      await endSecret(tx, clock, clientId, createdAt);
      await appendAppChange(tx, clientId, { action: 'end-secret', created: createdAt.toISOString() });
      await notifyDevelopers(tx, clientId, 'secret-ended', {});
    }),
  );
  const when = createdAt.toISOString();
  printResult(input, { client_id: clientId, ended: when }, `The secret created at ${when} no longer works.`);
}

function parseTime(text: string): Date {
  const moment = new Date(text);
  if (!Number.isNaN(moment.getTime())) return moment;
  throw new OperatorError(`--end is "${text}" but must be a time such as 2026-04-01T12:00:00.000Z.`);
}
