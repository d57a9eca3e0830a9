import type { Trail } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import {
  addGroup,
  changeMembers,
  findGroup,
  type Group,
  groupsOf,
  isGroupName,
  type NewGroup,
  removeGroup,
} from '../../fhir/index.ts';
import { type AccountId, type PracticeId, Problem } from '../../kernel/index.ts';
import { requireChangeable } from '../../people/index.ts';
import { listPractices, type Practice } from '../../practices/index.ts';
import type { Api } from '../api/app.ts';
import { REFUSALS } from '../contract/answers.ts';
import {
  GroupAnswer,
  GroupParams,
  GroupsAnswer,
  GroupsAsked,
  MembersAnswer,
  MembersAsked,
  NewGroupAsked,
} from '../contract/groups.ts';
import type { PortalDeps } from '../deps.ts';
import { addPatients, wrong } from './members.ts';

const tags = ['groups'];

/**
 * Adds the routes for groups of patients, for administrators of the installation. They see how many
 * members a group has but not who they are.
 */
export function groupRoutes(api: Api, { db, clock, random, guard, audit }: PortalDeps): void {
  const list = { tags, summary: 'Groups of patients, by practice and name', querystring: GroupsAsked };
  api.get('/review/groups', { schema: { ...list, response: { 200: GroupsAnswer, ...REFUSALS } } }, async (request) => {
    await guard.reviewer(request);
    const { practice } = request.query;
    const practices = await listPractices(db);
    const selected = practices.filter(({ practiceId }) => practice === undefined || practiceId === practice);
    const groups = await groupsOf(db, idsOf(selected));
    return {
      practices: practices.map(({ practiceId, name }) => ({ practiceId, name })),
      groups: groups.map((group) => answerOf(group, practices)),
    };
  });

  const make = { tags, summary: 'Make a group of patients of a practice', body: NewGroupAsked };
  api.post(
    '/review/groups',
    { schema: { ...make, response: { 201: GroupAnswer, ...REFUSALS } } },
    async (request, reply) => {
      const session = await guard.reviewer(request);
      requireChangeable(session);
      const { everyone, patients } = request.body;
      const made = { ...newGroup(request.body), groupId: random.uuid() };
      const practices = await listPractices(db);
      if (!idsOf(practices).includes(made.practiceId)) throw notFound('practice');
      const group = await db.transaction(async (tx) => {
        if (!(await addGroup(tx, clock.now(), made)))
          throw wrong('name', 'group-name-taken', 'The practice has a group of this name already.');
        await addPatients(tx, clock.now(), made, { field: 'patients', patients });
        const detail = { action: 'group-add', everyone, ...(everyone ? {} : { patients: patients.length }) };
        await record(audit, tx, { request, session, group: made }, detail);
        return requireGroup(tx, practices, made.groupId);
      });
      return reply.code(201).send(answerOf(group, practices));
    },
  );

  const change = { tags, summary: 'Patients come into a group, or leave it', params: GroupParams, body: MembersAsked };
  api.post(
    '/review/groups/:groupId/members',
    { schema: { ...change, response: { 200: MembersAnswer, ...REFUSALS } } },
    async (request) => {
      const session = await guard.reviewer(request);
      requireChangeable(session);
      const { add, remove } = request.body;
      const practices = await listPractices(db);
      return db.transaction(async (tx) => {
        const group = await requireGroup(tx, practices, request.params.groupId);
        if (group.everyone) throw ofEveryone('add');
        const at = { request, session, group };
        const added = await addPatients(tx, clock.now(), group, { field: 'add', patients: add });
        if (added > 0) await record(audit, tx, at, { action: 'group-members-add', patients: added });
        const { length: removed } = await changeMembers(tx, clock.now(), group.groupId, 'remove', remove);
        if (removed > 0) await record(audit, tx, at, { action: 'group-members-remove', patients: removed });
        const after = await requireGroup(tx, practices, group.groupId);
        return { added, removed, group: answerOf(after, practices) };
      });
    },
  );

  const remove = {
    tags,
    summary: 'Remove a group: the patients stay, exports of it that are under way end',
    params: GroupParams,
  };
  api.delete(
    '/review/groups/:groupId',
    { schema: { ...remove, response: { 200: GroupAnswer, ...REFUSALS } } },
    async (request) => {
      const session = await guard.reviewer(request);
      requireChangeable(session);
      const practices = await listPractices(db);
      return db.transaction(async (tx) => {
        const group = await requireGroup(tx, practices, request.params.groupId);
        if (!(await removeGroup(tx, group.groupId))) throw notFound('group');
        await record(audit, tx, { request, session, group }, { action: 'group-remove' });
        return answerOf(group, practices);
      });
    },
  );
}

/** Throws `fields-invalid` if the group isn't valid. */
function newGroup({ practiceId, name, everyone, patients }: NewGroupAsked): Omit<NewGroup, 'groupId'> {
  if (everyone && patients.length > 0) throw ofEveryone('patients');
  const trimmed = name.trim();
  if (!isGroupName(trimmed)) throw wrong('name', 'not-plain', 'Write plain visible text.');
  return { practiceId: practiceId as PracticeId, name: trimmed, everyone };
}

const ofEveryone = (field: string): Problem =>
  wrong(field, 'group-of-everyone', 'The group has everyone: no patient is added, and none taken out.');

const notFound = (what: 'practice' | 'group'): Problem =>
  new Problem('not-found', { status: 404, message: `There is no such ${what}.` });

const idsOf = (practices: readonly Practice[]): readonly PracticeId[] => practices.map(({ practiceId }) => practiceId);

async function requireGroup(tx: Executor, practices: readonly Practice[], groupId: string): Promise<Group> {
  const group = await findGroup(tx, idsOf(practices), groupId);
  if (group === undefined) throw notFound('group');
  return group;
}

function answerOf(group: Group, practices: readonly Practice[]): GroupAnswer {
  const { groupId, practiceId, name, everyone, members, changedAt } = group;
  const practice = practices.find((one) => one.practiceId === practiceId)?.name ?? '';
  return { groupId, practiceId, practice, name, everyone, patients: members, changedAt: changedAt.toISOString() };
}

interface Act {
  readonly request: { readonly id: string };
  readonly session: { readonly accountId: AccountId };
  readonly group: Pick<Group, 'groupId' | 'practiceId'>;
}

/** Appends the same audit event as the command line, with the account. Patients are counted, not named. */
const record = (audit: Trail, tx: Executor, { request, session, group }: Act, detail: object): Promise<void> =>
  audit.recordWithin(tx, {
    kind: 'practice',
    outcome: 'success',
    requestId: request.id,
    accountId: session.accountId,
    detail: { ...detail, group: group.groupId, practice: group.practiceId },
  });
