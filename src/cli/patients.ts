import { openTrail } from '../audit/index.ts';
import { systemClock as clock, OperatorFault, systemRandom as random } from '../kernel/index.ts';
import { addAccount } from '../people/index.ts';
import { listRecords } from '../practices/index.ts';
import { readArguments } from './arguments.ts';
import { answer, type CommandInput, table } from './command.ts';
import { newPassword } from './new-password.ts';
import { oneRecord } from './one-record.ts';
import { withInstallation } from './with-installation.ts';

export async function patientsList(input: CommandInput): Promise<number> {
  const records = await withInstallation(input, ({ db }) => listRecords(db));
  const values = records.map(({ patientId, name, practice }) => ({ id: patientId, name, practice }));
  answer(
    input,
    values,
    table(
      ['id', 'name', 'practice'],
      values.map(({ id, name, practice }) => [id, name, practice]),
    ),
  );
  return 0;
}

export async function patientsAdd(input: CommandInput): Promise<number> {
  const options = { username: { type: 'string' }, practice: { type: 'string' } } as const;
  const { values, positionals } = readArguments(input.arguments, options, ['PATIENT_ID']);
  const [patientId] = positionals;
  const created = await withInstallation(input, async ({ db }) => {
    const record = await oneRecord(db, patientId, values.practice);
    const username = values.username ?? `patient-${random.bytes(4).toString('hex')}`;
    const password = newPassword(random);
    const { recordId, name } = record;
    const { passwordCost } = input.config;
    const accountId = await db.transaction((tx) =>
      addAccount(
        tx,
        { clock, random, passwordCost },
        { username, password, displayName: name, recordId, published: false },
      ),
    );
    if (accountId === undefined)
      throw new OperatorFault(`The username ${username} is taken. Choose another with --username.`);
    const detail = { action: 'add', by: 'command line' };
    await openTrail({ db, clock, random }).record({
      kind: 'account',
      outcome: 'success',
      accountId,
      recordId,
      detail,
    });
    return { username, password, patient: record.patientId, name, practice: record.practice };
  });
  const note = 'The password is shown this once: hand it to the patient now.';
  answer(
    input,
    created,
    `username: ${created.username}\npassword: ${created.password}\n${created.name}, ${created.practice}\n${note}`,
  );
  return 0;
}
