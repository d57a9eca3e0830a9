import type { FastifyInstance } from 'fastify';
import { authorize } from '../../../access/index.ts';
import { Problem } from '../../../kernel/index.ts';
import { type EnforcementContext, requireType } from '../../authorization/enforcement-context.ts';
import { buildGroupResource, groupVersion } from '../../groups/group-resource.ts';
import { findGroup, listGroupMembers, listGroups } from '../../groups/group-store.ts';
import { GROUP_PARAMETERS } from '../../openapi/exports.ts';
import { searchPageUrl } from '../../search/page-url.ts';
import type { QueryParameter } from '../../search/search-request.ts';
import type { FhirDeps, FhirResponse } from '../deps.ts';
import { isBackend } from '../export/call.ts';
import { notFound } from '../read/read.ts';
import { formExpected, isFormOrEmpty } from '../request/form.ts';
import { isStrict, readPairs } from '../request/query.ts';
import { handleRequest } from '../response/handle-request.ts';

type GroupRouteParams = { Params: { id: string } };

/**
 * Registers the routes of Group, which lists the patients of an export. Groups are not part of a record: to a token of
 * a patient or staff member, the type does not exist, like every type that isn't served.
 */
export function groupRoutes(scope: FastifyInstance, deps: FhirDeps): void {
  scope.get('/Group', (request, reply) =>
    handleRequest(deps, request, reply, { kind: 'search', type: 'Group' }, (context, own) =>
      handleGroupSearch(own, context, readPairs(request), isStrict(request)),
    ),
  );
  scope.post('/Group/_search', (request, reply) => {
    if (!isFormOrEmpty(request)) throw formExpected();
    return handleRequest(deps, request, reply, { kind: 'search', type: 'Group' }, (context, own) =>
      handleGroupSearch(own, context, readPairs(request), isStrict(request)),
    );
  });
  scope.get<GroupRouteParams>('/Group/:id', (request, reply) =>
    handleRequest(deps, request, reply, { kind: 'read', type: 'Group' }, (context, own) =>
      handleGroupRead(own, context, request.params.id),
    ),
  );
}

/** Scopes are checked before data. */
function requireGroups(context: EnforcementContext, permission: 'r' | 's'): void {
  const { grant } = context;
  // Throws, because Group isn't among the served types.
  if (!isBackend(grant)) requireType(context, 'Group');
  if (authorize(grant, permission, ['Group']).some(({ queries }) => queries.length === 0)) return;
  throw new Problem('scope-denied', {
    status: 403,
    message: `This access token does not allow ${permission === 's' ? 'searching' : 'reading'} Group: ask for system/Group.rs.`,
  });
}

const KNOWN_PARAMETERS: readonly string[] = GROUP_PARAMETERS.map(({ name }) => name);

/**
 * FHIR R4 search: finds groups by `_id` and `name`. Each entry has the number of patients; the members are in the group
 * itself.
 */
async function handleGroupSearch(
  { db, version }: FhirDeps,
  context: EnforcementContext,
  pairs: readonly QueryParameter[],
  strict: boolean,
): Promise<FhirResponse> {
  requireGroups(context, 's');
  const understood = pairs.filter(([name, value]) => KNOWN_PARAMETERS.includes(name) && value !== '');
  if (strict && pairs.some(([name]) => ![...KNOWN_PARAMETERS, '_format', '_count', '_total'].includes(name))) {
    throw new Problem('parameter-unknown', { status: 400, message: 'Groups are searched by _id and name.' });
  }
  const all = await listGroups(db, context.grant.practices);
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
    content: buildGroupResource(group, undefined),
    mode: 'match' as const,
  }));
  const self = searchPageUrl(context.base, 'Group', understood);
  const body = version.bundle({ base: context.base, self, total: entries.length, entries });
  return {
    body,
    resources: entries.length,
    records: new Map(),
    detail: { parameters: understood.map(([name]) => name) },
  };
}

/** Reads a group with all its members. The disclosure is recorded for each of them. */
async function handleGroupRead({ db }: FhirDeps, context: EnforcementContext, id: string): Promise<FhirResponse> {
  requireGroups(context, 'r');
  const { practices } = context.grant;
  const group = await findGroup(db, practices, id);
  if (group === undefined) throw notFound('Group with this id');
  const members = await listGroupMembers(db, practices, group.groupId);
  const version = groupVersion(group);
  return {
    body: buildGroupResource(
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
