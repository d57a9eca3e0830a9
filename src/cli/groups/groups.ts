import { createAuditLog } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import {
  addGroup,
  findGroup,
  isGroupName,
  listGroups,
  MAX_GROUP_NAME_LENGTH,
  type PatientGroup,
  removeGroup,
  renameGroup,
} from '../../fhir/index.ts';
import { systemClock as clock, OperatorError, systemRandom as random } from '../../kernel/index.ts';
import { findPracticeByName, listPractices } from '../../practices/index.ts';
import { UsageError } from '../arguments.ts';
import { type CommandInput, formatTable, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { GROUPS_ADD, GROUPS_LIST, GROUPS_REMOVE, GROUPS_RENAME } from '../definitions/practices.ts';
import { withInstallation } from '../with-installation.ts';

export async function addGroupCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof GROUPS_ADD>,
): Promise<number> {
  const name = parseGroupName(positionals[0]);
  const { everyone } = values;
  const groupId = random.uuid();
  await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const { practiceId } = await findPracticeByName(tx, values.practice);
      if (!(await addGroup(tx, clock.now(), { groupId, practiceId, name, everyone })))
        throw new OperatorError(`The practice already has a group "${name}". Choose another name.`);
      await appendGroupEvent(tx, { groupId, practiceId }, { action: 'group-add', everyone });
    }),
  );
  const next = everyone ? '' : ` Add patients: patient-access groups members ${groupId} --add PATIENT_ID`;
  printResult(input, { id: groupId, name, everyone }, `Created ${name} as Group/${groupId}.${next}`);
  return 0;
}

export async function listGroupsCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof GROUPS_LIST>,
): Promise<number> {
  const found = await withInstallation(input, async ({ db }) => {
    const practices =
      values.practice === undefined ? await listPractices(db) : [await findPracticeByName(db, values.practice)];
    const names = new Map(practices.map(({ practiceId, name }) => [practiceId, name]));
    const groups = await listGroups(db, [...names.keys()]);
    return groups.map(({ groupId, name, everyone, members, practiceId }) => ({
      id: groupId,
      practice: names.get(practiceId) ?? '',
      everyone,
      patients: members,
      name,
    }));
  });
  const rows = found.map((one) => [
    one.id,
    one.practice,
    `${one.patients}${one.everyone ? ' (everyone)' : ''}`,
    one.name,
  ]);
  printResult(input, found, formatTable(['id', 'practice', 'patients', 'name'], rows));
  return 0;
}

export async function renameGroupCommand(
  input: CommandInput,
  { positionals }: CommandArguments<typeof GROUPS_RENAME>,
): Promise<number> {
  const [id, given] = positionals;
  const name = parseGroupName(given);
  await withGroup(input, id, async (tx, group) => {
    if (!(await renameGroup(tx, clock.now(), group.groupId, name)))
      throw new OperatorError(`The practice has another group "${name}".`);
    await appendGroupEvent(tx, group, { action: 'group-rename' });
  });
  printResult(input, { id, name }, `Group/${id} is now called ${name}.`);
  return 0;
}

export async function removeGroupCommand(
  input: CommandInput,
  { positionals }: CommandArguments<typeof GROUPS_REMOVE>,
): Promise<number> {
  const [id] = positionals;
  await withGroup(input, id, async (tx, group) => {
    await removeGroup(tx, group.groupId);
    await appendGroupEvent(tx, group, { action: 'group-remove' });
  });
  printResult(input, { id }, `Deleted Group/${id}.`);
  return 0;
}

function parseGroupName(given: string): string {
  const name = given.trim();
  if (name === '') throw new UsageError('The name is empty.');
  if (!isGroupName(name))
    throw new OperatorError(`The name of a group must have at most ${MAX_GROUP_NAME_LENGTH} printable characters.`);
  return name;
}

/**
 * Changes a group in a transaction.
 * @param id id of a group at any practice
 * @throws OperatorError if there is no such group
 */
export function withGroup<Result>(
  input: CommandInput,
  id: string,
  change: (tx: Executor, group: PatientGroup) => Promise<Result>,
): Promise<Result> {
  return withInstallation(input, ({ db }) => db.transaction(async (tx) => change(tx, await requireGroup(tx, id))));
}

async function requireGroup(db: Executor, id: string): Promise<PatientGroup> {
  const practices = (await listPractices(db)).map(({ practiceId }) => practiceId);
  const group = await findGroup(db, practices, id);
  if (group === undefined) throw new OperatorError(`There is no group "${id}". To list groups, run groups list.`);
  return group;
}

export const appendGroupEvent = (
  tx: Executor,
  { groupId, practiceId }: Pick<PatientGroup, 'groupId' | 'practiceId'>,
  detail: Record<string, unknown>,
): Promise<void> =>
  createAuditLog({ db: tx, clock, random }).appendInTransaction(tx, {
    kind: 'practice',
    outcome: 'success',
    detail: { ...detail, group: groupId, practice: practiceId, by: 'command line' },
  });
