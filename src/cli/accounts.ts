import { openTrail } from '../audit/index.ts';
import type { Executor } from '../database/index.ts';
import { holdsShared, listPractitioners } from '../fhir/index.ts';
import { type AccountId, systemClock as clock, OperatorFault, systemRandom as random } from '../kernel/index.ts';
import { addStaff, lockAccount, ROLES, type Role, unlockAccount } from '../people/index.ts';
import { type Practice, requirePractice } from '../practices/index.ts';
import { readArguments, UsageError } from './arguments.ts';
import { answer, type CommandInput } from './command.ts';
import { newPassword } from './new-password.ts';
import { withInstallation } from './with-installation.ts';

export async function accountsLock(input: CommandInput): Promise<number> {
  const options = { reason: { type: 'string', default: '' } } as const;
  const { values, positionals } = readArguments(input.arguments, options, ['USERNAME']);
  const [username] = positionals;
  const { reason } = values;
  await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const accountId = await lockAccount(tx, clock, username, reason);
      await record(tx, accountId, { action: 'lock', reason });
    }),
  );
  answer(input, { username, locked: true }, `${username} is locked.`);
  return 0;
}

export async function accountsUnlock(input: CommandInput): Promise<number> {
  const [username] = readArguments(input.arguments, {}, ['USERNAME']).positionals;
  await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => record(tx, await unlockAccount(tx, username), { action: 'unlock' })),
  );
  answer(input, { username, locked: false }, `${username} is unlocked.`);
  return 0;
}

const STAFF = {
  username: { type: 'string', default: '' },
  name: { type: 'string', default: '' },
  practice: { type: 'string' },
  practitioner: { type: 'string' },
  role: { type: 'string', multiple: true, default: ['clinician'] as string[] },
} as const;

export async function staffAdd(input: CommandInput): Promise<number> {
  const { values } = readArguments(input.arguments, STAFF, []);
  const displayName = values.name.trim();
  if (displayName === '') throw new UsageError('--name is missing.');
  const roles = rolesNamed(values.role);
  const practitionerId = values.practitioner?.toLowerCase();
  if (practitionerId !== undefined && !roles.includes('clinician'))
    throw new OperatorFault(
      'Only a clinician is somebody in the directory: leave --practitioner out, or add --role clinician.',
    );
  const created = await withInstallation(input, async ({ db }) => {
    const practice = await requirePractice(db, values.practice);
    if (roles.includes('clinician')) await requirePractitioner(db, practice, practitionerId ?? '');
    const { practiceId } = practice;
    const password = newPassword(random);
    const practices = [{ practiceId, practitionerId, roles }];
    const newStaff = { username: values.username, password, displayName, published: false, practices };
    await db.transaction(async (tx) => {
      const accountId = await addStaff(tx, { clock, random, passwordCost: input.config.passwordCost }, newStaff);
      if (accountId === undefined)
        throw new OperatorFault(`The username ${newStaff.username} is taken. Choose another with --username.`);
      await record(tx, accountId, { action: 'add', practice: practiceId, roles });
    });
    return { username: newStaff.username, password, name: displayName, practice: practice.name, roles };
  });
  const note = 'The password is shown this once: hand it over now.';
  const lines = [
    `username: ${created.username}`,
    `password: ${created.password}`,
    `${created.name}, ${created.practice}`,
    note,
  ];
  answer(input, created, lines.join('\n'));
  return 0;
}

function rolesNamed(names: readonly string[]): readonly Role[] {
  const unknown = names.find((name) => !ROLES.some((role) => role === name));
  if (unknown !== undefined) throw new OperatorFault(`There is no role "${unknown}". There are: ${ROLES.join(', ')}.`);
  return ROLES.filter((role) => names.includes(role));
}

/** Limit for a list in an error message, so that it fits a terminal. */
const SHOWN = 100;

/** Throws OperatorError unless the Practitioner that `fhirUser` will refer to is in the directory. */
async function requirePractitioner(db: Executor, { practiceId, name }: Practice, id: string): Promise<void> {
  if (await holdsShared(db, practiceId, 'Practitioner', id)) return;
  const known = await listPractitioners(db, practiceId);
  const more = known.length > SHOWN ? `\n  and ${known.length - SHOWN} more` : '';
  const list = `${known
    .slice(0, SHOWN)
    .map((one) => `\n  ${one.id}  ${one.name}`)
    .join('')}${more}`;
  throw new OperatorFault(
    known.length === 0
      ? `The directory of ${name} has no Practitioner. Load those who work there first.`
      : `The directory of ${name} has no Practitioner with the id "${id}". It has:${list}`,
  );
}

const record = (tx: Executor, accountId: AccountId, detail: Record<string, unknown>): Promise<void> =>
  openTrail({ db: tx, clock, random }).recordWithin(tx, {
    kind: 'account',
    outcome: 'success',
    accountId,
    detail: { ...detail, by: 'command line' },
  });
