import type { Executor } from '../../database/index.ts';
import { changeGroupMembers, findNonMembers, listGroupMembers, type PatientGroup } from '../../fhir/index.ts';
import { systemClock as clock, isUuid, OperatorError } from '../../kernel/index.ts';
import { UsageError } from '../arguments.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { GROUPS_MEMBERS, GROUPS_SHOW } from '../definitions/practices.ts';
import { appendGroupEvent, withGroup } from './groups.ts';

export async function showGroupCommand(
  input: CommandInput,
  { positionals }: CommandArguments<typeof GROUPS_SHOW>,
): Promise<number> {
  const [id] = positionals;
  const { group, patients } = await withGroup(input, id, async (tx, group) => {
    const members = await listGroupMembers(tx, [group.practiceId], group.groupId);
    return { group, patients: members.map(({ patientId }) => patientId) };
  });
  const { name, everyone } = group;
  const text = patients.length === 0 ? `${name} has no patients.` : patients.join('\n');
  printResult(input, { id: group.groupId, name, everyone, patients }, text);
  return 0;
}

export async function changeGroupMembersCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof GROUPS_MEMBERS>,
): Promise<number> {
  const [id] = positionals;
  const { add = [], remove = [] } = values;
  if (add.length + remove.length === 0) throw new UsageError('Nothing to change. Add --add or --remove.');
  const changed = await withGroup(input, id, async (tx, group) => {
    if (group.everyone)
      throw new OperatorError('This group always has all patients of its practice. You can’t add or remove any.');
    const added = await changeMembership(tx, group, 'add', add);
    return { added, removed: await changeMembership(tx, group, 'remove', remove) };
  });
  printResult(input, { id, ...changed }, `Group/${id}: ${changed.added} added, ${changed.removed} removed.`);
  return 0;
}

/**
 * Adds patients to a group or removes them.
 * @returns the number of changed memberships, without those that were already in the requested state
 */
async function changeMembership(
  tx: Executor,
  group: PatientGroup,
  what: 'add' | 'remove',
  patientIds: readonly string[],
): Promise<number> {
  if (patientIds.length === 0) return 0;
  const wrong = patientIds.find((one) => !isUuid(one));
  if (wrong !== undefined) throw new OperatorError(`"${wrong}" isn’t a patient id. A patient id is a UUID.`);
  const records = await changeGroupMembers(tx, clock.now(), group.groupId, what, patientIds);
  if (what === 'add') await requireMembers(tx, group, patientIds);
  if (records.length > 0)
    await appendGroupEvent(tx, group, { action: `group-members-${what}`, patients: records.length });
  return records.length;
}

/**
 * Throws OperatorError if a patient belongs to another practice than the group, because exports would silently leave
 * that patient out. No patient is then added.
 */
async function requireMembers(tx: Executor, group: PatientGroup, patientIds: readonly string[]): Promise<void> {
  const missing = await findNonMembers(tx, group, patientIds);
  if (missing.length === 0) return;
  throw new OperatorError(
    `These patients aren’t at the group’s practice: ${missing.join(', ')}. No patients were added.`,
  );
}
