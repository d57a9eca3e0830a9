import { openTrail } from '../audit/index.ts';
import type { Executor } from '../database/index.ts';
import {
  addGroup,
  findGroup,
  type Group,
  groupsOf,
  isGroupName,
  LONGEST_GROUP_NAME,
  removeGroup,
  renameGroup,
} from '../fhir/index.ts';
import { systemClock as clock, OperatorFault, systemRandom as random } from '../kernel/index.ts';
import { listPractices, requirePractice } from '../practices/index.ts';
import { readArguments, UsageError } from './arguments.ts';
import { answer, type CommandInput, table } from './command.ts';
import { withInstallation } from './with-installation.ts';

export async function groupsAdd(input: CommandInput): Promise<number> {
  const options = { practice: { type: 'string' }, everyone: { type: 'boolean', default: false } } as const;
  const { values, positionals } = readArguments(input.arguments, options, ['NAME']);
  const name = nameOf(positionals[0]);
  const { everyone } = values;
  const groupId = random.uuid();
  await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const { practiceId } = await requirePractice(tx, values.practice);
      if (!(await addGroup(tx, clock.now(), { groupId, practiceId, name, everyone })))
        throw new OperatorFault(`The practice has a group "${name}" already.`);
      await recordGroup(tx, { groupId, practiceId }, { action: 'group-add', everyone });
    }),
  );
  const next = everyone ? '' : ` Add patients: patient-access groups members ${groupId} --add PATIENT_ID`;
  answer(input, { id: groupId, name, everyone }, `${name} is made, as Group/${groupId}.${next}`);
  return 0;
}

export async function groupsList(input: CommandInput): Promise<number> {
  const { values } = readArguments(input.arguments, { practice: { type: 'string' } }, []);
  const found = await withInstallation(input, async ({ db }) => {
    const practices =
      values.practice === undefined ? await listPractices(db) : [await requirePractice(db, values.practice)];
    const names = new Map(practices.map(({ practiceId, name }) => [practiceId, name]));
    const groups = await groupsOf(db, [...names.keys()]);
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
  answer(input, found, table(['id', 'practice', 'patients', 'name'], rows));
  return 0;
}

export async function groupsRename(input: CommandInput): Promise<number> {
  const [id, given] = readArguments(input.arguments, {}, ['GROUP_ID', 'NEW_NAME']).positionals;
  const name = nameOf(given);
  await changeGroup(input, id, async (tx, group) => {
    if (!(await renameGroup(tx, clock.now(), group.groupId, name)))
      throw new OperatorFault(`The practice has another group "${name}".`);
    await recordGroup(tx, group, { action: 'group-rename' });
  });
  answer(input, { id, name }, `Group/${id} is called ${name}.`);
  return 0;
}

export async function groupsRemove(input: CommandInput): Promise<number> {
  const [id] = readArguments(input.arguments, {}, ['GROUP_ID']).positionals;
  await changeGroup(input, id, async (tx, group) => {
    await removeGroup(tx, group.groupId);
    await recordGroup(tx, group, { action: 'group-remove' });
  });
  answer(input, { id }, `Group/${id} is removed.`);
  return 0;
}

function nameOf(given: string): string {
  const name = given.trim();
  if (name === '') throw new UsageError('The name is empty.');
  if (!isGroupName(name))
    throw new OperatorFault(`The name of a group has at most ${LONGEST_GROUP_NAME} characters, all of them printable.`);
  return name;
}

/**
 * @param id id of a group at any practice
 * @throws OperatorError if there is no such group
 */
export function changeGroup<Result>(
  input: CommandInput,
  id: string,
  change: (tx: Executor, group: Group) => Promise<Result>,
): Promise<Result> {
  return withInstallation(input, ({ db }) => db.transaction(async (tx) => change(tx, await requireGroup(tx, id))));
}

async function requireGroup(db: Executor, id: string): Promise<Group> {
  const practices = (await listPractices(db)).map(({ practiceId }) => practiceId);
  const group = await findGroup(db, practices, id);
  if (group === undefined) throw new OperatorFault(`There is no group "${id}". "groups list" shows those there are.`);
  return group;
}

export const recordGroup = (
  tx: Executor,
  { groupId, practiceId }: Pick<Group, 'groupId' | 'practiceId'>,
  detail: Record<string, unknown>,
): Promise<void> =>
  openTrail({ db: tx, clock, random }).recordWithin(tx, {
    kind: 'practice',
    outcome: 'success',
    detail: { ...detail, group: groupId, practice: practiceId, by: 'command line' },
  });
