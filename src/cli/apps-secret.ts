import {
  systemClock as clock,
  days,
  later,
  OperatorFault,
  plainLine,
  systemRandom as random,
} from '../kernel/index.ts';
import { addSecret, endSecret } from '../registry/index.ts';
import { recordChange, tellDevelopers } from './apps-trail.ts';
import { countOf } from './apps-words.ts';
import { readArguments } from './arguments.ts';
import { answer, type CommandInput } from './command.ts';
import { withInstallation } from './with-installation.ts';

export async function appsSecret(input: CommandInput): Promise<number> {
  const options = { name: { type: 'string' }, 'expires-in': { type: 'string' }, end: { type: 'string' } } as const;
  const { values, positionals } = readArguments(input.arguments, options, ['CLIENT_ID']);
  const [clientId] = positionals;
  if (values.end === undefined) await add(input, clientId, values.name, values['expires-in']);
  else await end(input, clientId, momentOf(values.end));
  return 0;
}

async function add(
  input: CommandInput,
  clientId: string,
  named: string | undefined,
  expiresIn: string | undefined,
): Promise<void> {
  const name = plainLine(named ?? '', LONGEST_NAME) || undefined;
  const expiresAt = expiresIn === undefined ? undefined : later(clock.now(), days(countOf('expires-in', expiresIn)));
  const { clientSecret } = await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const added = await addSecret(tx, { clock, random }, clientId, { name, expiresAt });
      await recordChange(tx, clientId, { action: 'add-secret' });
      await tellDevelopers(tx, clientId, 'secret-made', {
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
  answer(input, fields, [...lines, 'The secret is shown this once: keep it now.'].join('\n'));
}

const LONGEST_NAME = 60;

async function end(input: CommandInput, clientId: string, createdAt: Date): Promise<void> {
  await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      await endSecret(tx, clock, clientId, createdAt);
      await recordChange(tx, clientId, { action: 'end-secret' });
      await tellDevelopers(tx, clientId, 'secret-ended', {});
    }),
  );
  const when = createdAt.toISOString();
  answer(input, { client_id: clientId, ended: when }, `The secret made at ${when} is no longer good.`);
}

function momentOf(text: string): Date {
  const moment = new Date(text);
  if (!Number.isNaN(moment.getTime())) return moment;
  throw new OperatorFault(`--end is "${text}" but must be a time such as 2026-04-01T12:00:00.000Z.`);
}
