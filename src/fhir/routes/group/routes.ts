import type { FastifyInstance } from 'fastify';
import { permit } from '../../../access/index.ts';
import { Problem } from '../../../kernel/index.ts';
import { type EnforceContext, requireType } from '../../core/context.ts';
import { pageLink } from '../../core/links.ts';
import { GROUP_PARAMETERS } from '../../core/openapi-exports.ts';
import type { Pair } from '../../core/search-request.ts';
import { groupResource, versionOf } from '../../groups/resource.ts';
import { findGroup, groupsOf, membersOf } from '../../groups/store.ts';
import type { Answer, FhirDeps } from '../deps.ts';
import { disclose } from '../disclose.ts';
import { isBackend } from '../export/call.ts';
import { isForm } from '../form.ts';
import { isStrict, pairsOf } from '../query.ts';
import { notFound } from '../read.ts';

type IdParams = { Params: { id: string } };

/**
 * Groups of patients, for the apps that export them. They are no type of a record: to a token of a patient or a member of
 * staff there is no such thing here, as for every type that is not served.
 */
export function groupRoutes(scope: FastifyInstance, deps: FhirDeps): void {
  scope.get('/Group', (request, reply) =>
    disclose(deps, request, reply, { kind: 'search', type: 'Group' }, (context, own) =>
      answerGroups(own, context, pairsOf(request), isStrict(request)),
    ),
  );
  scope.post('/Group/_search', (request, reply) => {
    if (!isForm(request)) throw formExpected();
    return disclose(deps, request, reply, { kind: 'search', type: 'Group' }, (context, own) =>
      answerGroups(own, context, pairsOf(request), isStrict(request)),
    );
  });
  scope.get<IdParams>('/Group/:id', (request, reply) =>
    disclose(deps, request, reply, { kind: 'read', type: 'Group' }, (context, own) =>
      answerGroup(own, context, request.params.id),
    ),
  );
}

/** Scope before data. */
function requireGroups(context: EnforceContext, permission: 'r' | 's'): void {
  const { grant } = context;
  // Throws: the type is not among those that are served.
  if (!isBackend(grant)) requireType(context, 'Group');
  if (permit(grant, permission, ['Group']).some(({ queries }) => queries.length === 0)) return;
  throw new Problem('scope-denied', {
    status: 403,
    message: `This access token does not allow ${permission === 's' ? 'searching' : 'reading'} Group: ask for system/Group.rs.`,
  });
}

const KNOWN: readonly string[] = GROUP_PARAMETERS.map(({ name }) => name);

/** FHIR R4 search: groups by `_id` and `name`, each with how many patients it has; who they are is in the group itself. */
async function answerGroups(
  { db, version }: FhirDeps,
  context: EnforceContext,
  pairs: readonly Pair[],
  strict: boolean,
): Promise<Answer> {
  requireGroups(context, 's');
  const understood = pairs.filter(([name, value]) => KNOWN.includes(name) && value !== '');
  if (strict && pairs.some(([name]) => ![...KNOWN, '_format', '_count', '_total'].includes(name))) {
    throw new Problem('parameter-unknown', { status: 400, message: 'Groups are searched by _id and name.' });
  }
  const all = await groupsOf(db, context.grant.practices);
  const found = all.filter((group) =>
    understood.every(([name, value]) => {
      const values = value.split(',').map((one) => one.toLowerCase());
      if (name === '_id') return values.includes(group.groupId);
      return values.some((one) => group.name.toLowerCase().startsWith(one));
    }),
  );
  const entries = found.map((group) => ({
    type: 'Group',
    id: group.groupId,
    content: groupResource(group, undefined),
    mode: 'match' as const,
  }));
  const self = pageLink(context.base, 'Group', understood);
  const body = version.bundle({ base: context.base, self, total: entries.length, entries });
  return {
    body,
    resources: entries.length,
    records: new Map(),
    detail: { parameters: understood.map(([name]) => name) },
  };
}

/** With all its members: each of them can see that they were named. */
async function answerGroup({ db }: FhirDeps, context: EnforceContext, id: string): Promise<Answer> {
  requireGroups(context, 'r');
  const { practices } = context.grant;
  const group = await findGroup(db, practices, id);
  if (group === undefined) throw notFound('Group with this id');
  const members = await membersOf(db, practices, group.groupId);
  const version = versionOf(group);
  return {
    body: groupResource(
      group,
      members.map(({ patientId }) => patientId),
    ),
    headers:
      version === undefined
        ? {}
        : { etag: `W/"${version.versionId}"`, 'last-modified': version.lastUpdated.toUTCString() },
    resources: 1,
    records: new Map(members.map(({ recordId }) => [recordId, 1])),
    byType: members.map(({ recordId }) => ({ recordId, type: 'Group', resources: 1 })),
    detail: { group: group.groupId },
  };
}

const formExpected = () =>
  new Problem('bad-request', {
    status: 415,
    message: 'Send the parameters of the search as application/x-www-form-urlencoded, or in the address.',
  });
