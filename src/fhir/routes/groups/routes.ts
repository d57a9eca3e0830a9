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
 * Registers the routes of Group. A Group lists patients that a backend app can export. Groups belong to no patient
 * record, so tokens of patients and staff get the same response as for a type that the server doesn't have.
 */
export function groupRoutes(scope: FastifyInstance, deps: FhirDeps): void {
  scope.get('/Group', (request, reply) =>
    handleRequest(deps, request, reply, { kind: 'search', type: 'Group' }, (context, requestDeps) =>
      handleGroupSearch(requestDeps, context, readPairs(request), isStrict(request)),
    ),
  );
  scope.post('/Group/_search', (request, reply) => {
    if (!isFormOrEmpty(request)) throw formExpected();
    return handleRequest(deps, request, reply, { kind: 'search', type: 'Group' }, (context, requestDeps) =>
      handleGroupSearch(requestDeps, context, readPairs(request), isStrict(request)),
    );
  });
  scope.get<GroupRouteParams>('/Group/:id', (request, reply) =>
    handleRequest(deps, request, reply, { kind: 'read', type: 'Group' }, (context, requestDeps) =>
      handleGroupRead(requestDeps, context, request.params.id),
    ),
  );
}

/** Throws unless the grant allows access to Groups. It is called before any Group is read. */
function requireGroups(context: EnforcementContext, permission: 'r' | 's'): void {
  const { grant } = context;
  // `requireType` throws the error for an unknown type, because Group isn't among the served types. Only backend apps
  // may learn that Groups exist.
  if (!isBackend(grant)) requireType(context, 'Group');
  if (authorize(grant, permission, ['Group']).some(({ queries }) => queries.length === 0)) return;
  throw new Problem('scope-denied', {
    status: 403,
    message: `This access token does not allow ${permission === 's' ? 'searching' : 'reading'} Group. Request the scope system/Group.rs.`,
  });
}

const KNOWN_PARAMETERS: readonly string[] = GROUP_PARAMETERS.map(({ name }) => name);

/**
 * Searches Groups by `_id` and `name` (FHIR R4 search). An entry has only the number of its patients; the members are
 * in the Group itself.
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
    throw new Problem('parameter-unknown', {
      status: 400,
      message: 'Group supports the search parameters _id and name only.',
    });
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

/** Reads a Group with all its members. A disclosure is recorded for each member. */
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
