import { createAuditLog } from '../../audit/index.ts';
import type { Config } from '../../config/index.ts';
import type { Database, Executor } from '../../database/index.ts';
import { projections } from '../../fhir/index.ts';
import {
  type Account,
  addRepresentation,
  createRepresentativeAccount,
  endRepresentation,
  findAccountByUsername,
  listAccountRecords,
  listRepresentations,
  requireValidUsername,
} from '../../identity/index.ts';
import { importFiles, textInput } from '../../intake/index.ts';
import {
  type AccountId,
  systemClock as clock,
  derivedUuid,
  OperatorError,
  systemRandom as random,
} from '../../kernel/index.ts';
import { endAccessThroughAccount } from '../../oauth/index.ts';
import type { RecordSummary } from '../../practices/index.ts';
import { type CommandInput, formatTable, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { REPRESENTATIONS_ADD, REPRESENTATIONS_END } from '../definitions/patients.ts';
import { findSingleRecord } from '../records/find-record.ts';
import { parseRelationship } from '../relationships.ts';
import { withInstallation } from '../with-installation.ts';
import { randomPassword } from './random-password.ts';

export async function addRepresentationCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof REPRESENTATIONS_ADD>,
): Promise<number> {
  const [patientId] = positionals;
  const typed = values.name.trim();
  const relationship = parseRelationship(values.relationship);
  const username = requireValidUsername(values.username);
  const created = await withInstallation(input, async ({ db }) => {
    const record = await findSingleRecord(db, patientId, values.practice);
    const account = await findAccountByUsername(db, username);
    if (account !== undefined) await requireUsableAccount(db, account, record, { username, name: typed });
    const name = account?.displayName ?? typed;
    const relatedPersonId = await addRelatedPerson(db, record, { username, name, relationship });
    const password = await db.transaction((tx) =>
      addRepresentationRow(tx, input.config, record, account, { username, name, relatedPersonId }),
    );
    const { patientId: patient, name: patient_name, practice } = record;
    const created = password === undefined ? { account: 'existing' } : { account: 'new', password };
    return { username, ...created, name, patient, patient_name, practice, relatedPersonId };
  });
  const lines = [
    `username: ${created.username}`,
    ...('password' in created
      ? [`password: ${created.password}`, 'The password is shown only once. Give it to the person now.']
      : []),
    `${created.name} (${created.account} account) acts for ${created.patient_name} (${created.patient}), ${created.practice}.`,
  ];
  printResult(input, created, lines.join('\n'));
  return 0;
}

export async function endRepresentationCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof REPRESENTATIONS_END>,
): Promise<number> {
  const [patientId] = positionals;
  const { username, practice, reason = '' } = values;
  await withInstallation(input, async ({ db }) => {
    const { recordId } = await findSingleRecord(db, patientId, practice);
    const { accountId } = (await findAccountByUsername(db, username)) ?? {};
    if (accountId === undefined) throw new OperatorError(`There is no account with the username ${username}.`);
    await db.transaction(async (tx) => {
      const ended = await endRepresentation(tx, clock, { accountId, recordId, reason });
      if (!ended)
        throw new OperatorError(
          `${username} isn't a representative of that patient. Run representations list to see who is.`,
        );
      await endAccessThroughAccount(tx, clock.now(), {
        accountId,
        recordId,
        reason: 'this person no longer acts for the patient',
      });
      await appendRepresentationEvent(tx, {
        accountId,
        recordId,
        detail: { action: 'end-representation', reason, by: 'command line' },
      });
    });
  });
  printResult(input, { patient: patientId, username, ended: true }, `${username} no longer acts for ${patientId}.`);
  return 0;
}

export async function listRepresentationsCommand(input: CommandInput): Promise<number> {
  const found = await withInstallation(input, ({ db }) => listRepresentations(db));
  const values = found.map((one) => ({
    username: one.username,
    name: one.representativeName,
    patient: one.patientId,
    patient_name: one.personName,
    practice: one.practiceName,
    ended_at: one.endedAt?.toISOString() ?? null,
    ended_for: one.endReason,
  }));
  const rows = values.map((one) => [
    one.username,
    one.name,
    one.patient,
    one.patient_name,
    one.practice,
    one.ended_at === null ? 'active' : `ended ${one.ended_at}`,
  ]);
  printResult(input, values, formatTable(['username', 'name', 'patient', 'patient name', 'practice', 'state'], rows));
  return 0;
}

/**
 * Checks that an existing account can represent the patient. Runs before anything is written to the record, because a
 * mistyped username would give a stranger access.
 */
async function requireUsableAccount(
  db: Database,
  account: Account,
  record: RecordSummary,
  { username, name }: RepresentativePerson,
): Promise<void> {
  if (account.kind === 'staff')
    throw new OperatorError(`${username} is a staff account, which can't act for a patient. Choose another username.`);
  if (account.published && record.practiceKind !== 'sandbox')
    throw new OperatorError(`${username} is a shared sandbox account. It can act only for test patients.`);
  const records = await listAccountRecords(db, account.accountId);
  if (records.some(({ recordId, relation }) => recordId === record.recordId && relation === 'self'))
    throw new OperatorError(`${username} is the patient’s own account. Choose the username of a representative.`);
  if (!isSameName(account.displayName, name))
    throw new OperatorError(
      `${username} is the account of ${account.displayName}, not ${name}. Check --username and --name.`,
    );
}

interface RepresentativePerson {
  readonly username: string;
  readonly name: string;
}

/**
 * Adds a RelatedPerson resource to the patient's record through intake, like any other resource. Its id is derived from
 * patient and representative, so a second call updates the same resource.
 */
async function addRelatedPerson(
  db: Database,
  { practiceId, patientId }: RecordSummary,
  { username, name, relationship }: RepresentativePerson & { readonly relationship: unknown },
): Promise<string> {
  const id = derivedUuid('representation', String(practiceId), patientId, username);
  const resource = {
    resourceType: 'RelatedPerson',
    id,
    meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-relatedperson'] },
    active: true,
    patient: { reference: `Patient/${patientId}` },
    relationship: [relationship],
    name: [{ text: name }],
  };
  const options = { practiceId, source: 'representations', projections, clock, random };
  const report = await importFiles(db, options, [textInput('representation', JSON.stringify(resource))]);
  const [refused] = report.refused;
  if (refused !== undefined) throw new OperatorError(`The RelatedPerson was rejected: ${refused.reason}`);
  return id;
}

/**
 * Stores the representation, and creates the account of the representative if there is none.
 * @returns the password if a new account was created
 */
async function addRepresentationRow(
  tx: Executor,
  { passwordCost }: Config,
  { recordId }: RecordSummary,
  expected: Account | undefined,
  { username, name, relatedPersonId }: RepresentativePerson & { readonly relatedPersonId: string },
): Promise<string | undefined> {
  const existing = await findAccountByUsername(tx, username);
  const changed = () => new OperatorError(`The account ${username} was changed at the same time. Try again.`);
  if (existing?.accountId !== expected?.accountId) throw changed();
  const password = randomPassword(random);
  const accountId =
    existing?.accountId ??
    (await createRepresentativeAccount(
      tx,
      { clock, random, passwordCost },
      { username, password, displayName: name, published: false },
    ));
  if (accountId === undefined || !(await addRepresentation(tx, { accountId, recordId, relatedPersonId })))
    throw changed();
  await appendRepresentationEvent(tx, {
    accountId,
    recordId,
    detail: { action: 'add-representation', by: 'command line' },
  });
  return existing === undefined ? password : undefined;
}

const appendRepresentationEvent = (
  tx: Executor,
  event: { accountId: AccountId; recordId: RecordSummary['recordId']; detail: Record<string, unknown> },
): Promise<void> =>
  createAuditLog({ db: tx, clock, random }).appendInTransaction(tx, { kind: 'account', outcome: 'success', ...event });

/** Returns whether two names are the same, regardless of case and spacing. */
const isSameName = (one: string, other: string): boolean => foldName(one) === foldName(other);

const foldName = (name: string): string => name.normalize('NFKC').trim().replaceAll(/\s+/gu, ' ').toLowerCase();
