import { createAuditLog } from '../../audit/index.ts';
import { createPatientAccount } from '../../identity/index.ts';
import { systemClock as clock, OperatorError, systemRandom as random } from '../../kernel/index.ts';
import { listActiveRecords } from '../../practices/index.ts';
import { type CommandInput, formatTable, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { PATIENTS_ADD } from '../definitions/patients.ts';
import { findSingleRecord } from '../records/find-record.ts';
import { withInstallation } from '../with-installation.ts';
import { randomPassword } from './random-password.ts';

export async function listPatientsCommand(input: CommandInput): Promise<number> {
  const records = await withInstallation(input, ({ db }) => listActiveRecords(db));
  const values = records.map(({ patientId, name, practice }) => ({ id: patientId, name, practice }));
  printResult(
    input,
    values,
    formatTable(
      ['id', 'name', 'practice'],
      values.map(({ id, name, practice }) => [id, name, practice]),
    ),
  );
  return 0;
}

export async function addPatientAccountCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof PATIENTS_ADD>,
): Promise<number> {
  const [patientId] = positionals;
  const created = await withInstallation(input, async ({ db }) => {
    const record = await findSingleRecord(db, patientId, values.practice);
    const username = values.username ?? `patient-${random.bytes(4).toString('hex')}`;
    const password = randomPassword(random);
    const { recordId, name } = record;
    const { passwordCost } = input.config;
    const accountId = await db.transaction((tx) =>
      createPatientAccount(
        tx,
        { clock, random, passwordCost },
        { username, password, displayName: name, recordId, published: false },
      ),
    );
    if (accountId === undefined)
      throw new OperatorError(`The username ${username} is taken. Choose another with --username.`);
    const detail = { action: 'add', by: 'command line' };
    await createAuditLog({ db, clock, random }).append({
      kind: 'account',
      outcome: 'success',
      accountId,
      recordId,
      detail,
    });
    return { username, password, patient: record.patientId, name, practice: record.practice };
  });
  const note = 'The password is shown only once. Give it to the patient now.';
  printResult(
    input,
    created,
    `username: ${created.username}\npassword: ${created.password}\n${created.name}, ${created.practice}\n${note}`,
  );
  return 0;
}
