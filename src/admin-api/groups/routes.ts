import type { AuditLog } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import type { Practice } from '../../domain/index.ts';
import {
  addGroup,
  changeGroupMembers,
  findGroup,
  isGroupName,
  listGroups,
  type NewPatientGroup,
  type PatientGroup,
  removeGroup,
} from '../../fhir/index.ts';
import { requireChangeableAccount } from '../../identity/index.ts';
import { type AccountId, type PracticeId, Problem } from '../../kernel/index.ts';
import {
  ERROR_RESPONSES,
  GroupMembersRequest,
  GroupMembersResponse,
  GroupParams,
  GroupResponse,
  GroupsQuery,
  GroupsResponse,
  NewGroupRequest,
  type PortalApi,
  type PortalContext,
} from '../../portal-api/index.ts';
import { listPractices } from '../../practices/index.ts';
import { addPatients, fieldProblem } from './members.ts';

const tags = ['groups'];

/**
 * Adds the routes with which administrators of the installation manage groups of patients.
 * Administrators see how many members a group has but not who they are.
 */
export function groupRoutes(api: PortalApi, { db, clock, random, guard, audit }: PortalContext): void {
  const list = { tags, summary: 'List patient groups, by practice and name', querystring: GroupsQuery };
  api.get(
    '/review/groups',
    { schema: { ...list, response: { 200: GroupsResponse, ...ERROR_RESPONSES } } },
    async (request) => {
      await guard.reviewer(request);
      const { practice } = request.query;
      const practices = await listPractices(db);
      const selected = practices.filter(({ practiceId }) => practice === undefined || practiceId === practice);
      const groups = await listGroups(db, practiceIds(selected));
      return {
        practices: practices.map(({ practiceId, name }) => ({ practiceId, name })),
        groups: groups.map((group) => toGroupResponse(group, practices)),
      };
    },
  );

  const make = { tags, summary: 'Create a patient group of a practice', body: NewGroupRequest };
  api.post(
    '/review/groups',
    { schema: { ...make, response: { 201: GroupResponse, ...ERROR_RESPONSES } } },
    async (request, reply) => {
      const session = await guard.reviewer(request);
      requireChangeableAccount(session);
      const { everyone, patients } = request.body;
      const made = { ...parseNewGroup(request.body), groupId: random.uuid() };
      const practices = await listPractices(db);
      if (!practiceIds(practices).includes(made.practiceId)) throw notFound('practice');
      const group = await db.transaction(async (tx) => {
        if (!(await addGroup(tx, clock.now(), made)))
          throw fieldProblem('name', 'group-name-taken', 'The practice already has a group with this name.');
        await addPatients(tx, clock.now(), made, { field: 'patients', patients });
        const detail = { action: 'group-add', everyone, ...(everyone ? {} : { patients: patients.length }) };
        await record(audit, tx, { request, session, group: made }, detail);
        return requireGroup(tx, practices, made.groupId);
      });
      return reply.code(201).send(toGroupResponse(group, practices));
    },
  );

  const change = {
    tags,
    summary: 'Add patients to a group, or remove them',
    params: GroupParams,
    body: GroupMembersRequest,
  };
  api.post(
    '/review/groups/:groupId/members',
    { schema: { ...change, response: { 200: GroupMembersResponse, ...ERROR_RESPONSES } } },
    async (request) => {
      const session = await guard.reviewer(request);
      requireChangeableAccount(session);
      const { add, remove } = request.body;
      const practices = await listPractices(db);
      return db.transaction(async (tx) => {
        const group = await requireGroup(tx, practices, request.params.groupId);
        if (group.everyone) throw everyoneProblem('add');
        const at = { request, session, group };
        const added = await addPatients(tx, clock.now(), group, { field: 'add', patients: add });
        if (added > 0) await record(audit, tx, at, { action: 'group-members-add', patients: added });
        const { length: removed } = await changeGroupMembers(tx, clock.now(), group.groupId, 'remove', remove);
        if (removed > 0) await record(audit, tx, at, { action: 'group-members-remove', patients: removed });
        const after = await requireGroup(tx, practices, group.groupId);
        return { added, removed, group: toGroupResponse(after, practices) };
      });
    },
  );

  const remove = {
    tags,
    summary: 'Delete a group. Running exports of it are canceled; its patients are not affected',
    params: GroupParams,
  };
  api.delete(
    '/review/groups/:groupId',
    { schema: { ...remove, response: { 200: GroupResponse, ...ERROR_RESPONSES } } },
    async (request) => {
      const session = await guard.reviewer(request);
      requireChangeableAccount(session);
      const practices = await listPractices(db);
      return db.transaction(async (tx) => {
        const group = await requireGroup(tx, practices, request.params.groupId);
        if (!(await removeGroup(tx, group.groupId))) throw notFound('group');
        await record(audit, tx, { request, session, group }, { action: 'group-remove' });
        return toGroupResponse(group, practices);
      });
    },
  );
}

/** Reads a new group from a request. Throws `fields-invalid` if the group isn't valid. */
function parseNewGroup({ practiceId, name, everyone, patients }: NewGroupRequest): Omit<NewPatientGroup, 'groupId'> {
  if (everyone && patients.length > 0) throw everyoneProblem('patients');
  const trimmed = name.trim();
  if (!isGroupName(trimmed)) throw fieldProblem('name', 'not-plain', 'Enter plain text without invisible characters.');
  return { practiceId: practiceId as PracticeId, name: trimmed, everyone };
}

const everyoneProblem = (field: string): Problem =>
  fieldProblem(
    field,
    'group-of-everyone',
    'This group contains all patients of the practice. You can’t add or remove patients.',
  );

const notFound = (what: 'practice' | 'group'): Problem =>
  new Problem('not-found', { status: 404, message: `Unknown ${what}.` });

const practiceIds = (practices: readonly Practice[]): readonly PracticeId[] =>
  practices.map(({ practiceId }) => practiceId);

async function requireGroup(tx: Executor, practices: readonly Practice[], groupId: string): Promise<PatientGroup> {
  const group = await findGroup(tx, practiceIds(practices), groupId);
  if (group === undefined) throw notFound('group');
  return group;
}

function toGroupResponse(group: PatientGroup, practices: readonly Practice[]): GroupResponse {
  const { groupId, practiceId, name, everyone, members, changedAt } = group;
  const practice = practices.find((one) => one.practiceId === practiceId)?.name ?? '';
  return { groupId, practiceId, practice, name, everyone, patients: members, changedAt: changedAt.toISOString() };
}

interface GroupAuditContext {
  readonly request: { readonly id: string };
  readonly session: { readonly accountId: AccountId };
  readonly group: Pick<PatientGroup, 'groupId' | 'practiceId'>;
}

/**
 * Appends an audit event for a change of a group, with the same details as a change at the command
 * line, plus the administrator's account. It contains the number of patients but not who they are.
 */
const record = (
  audit: AuditLog,
  tx: Executor,
  { request, session, group }: GroupAuditContext,
  detail: object,
): Promise<void> =>
  audit.appendInTransaction(tx, {
    kind: 'practice',
    outcome: 'success',
    requestId: request.id,
    accountId: session.accountId,
    detail: { ...detail, group: group.groupId, practice: group.practiceId },
  });
