import { type Executor, statement } from '../../../database/index.ts';
import { isObject, type PracticeId } from '../../../kernel/index.ts';
import type { EmbeddedType } from '../../model/embedded-type.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseInstant } from '../../model/instant.ts';
import { referenceToken } from '../index/token-hash.ts';

/**
 * Finds the time of the latest change among embedded resources, such as the PractitionerRoles that a DSTU2 Practitioner
 * shows. For each version of a PractitionerRole that refers to the Practitioner, two times count: when the version was
 * created, and when it was replaced or deleted.
 */
const lastChanges = statement(
  'fhir.part-changes',
  { id: 'uuid', at: 'timestamptz' },
  `with k (id, token) as (select * from unnest($3::uuid[], $4::int8[])),
   named (token, at) as (
     select c.token, r.last_updated from shared_resource r cross join unnest(r.codes) as c (token)
       where r.practice_id = $1 and r.type = $2 and r.codes && $4::int8[]
     union all
     select c.token, coalesce(n.last_updated, l.last_updated, t.deleted_at, h.last_updated)
       from shared_resource_history h cross join unnest(h.codes) as c (token)
       left join shared_resource n
         on n.practice_id = h.practice_id and n.type = h.type and n.id = h.id and n.version = h.version + 1
       left join shared_resource_history l
         on l.practice_id = h.practice_id and l.type = h.type and l.id = h.id and l.version = h.version + 1
       left join shared_tombstone t
         on t.practice_id = h.practice_id and t.type = h.type and t.id = h.id and t.version = h.version + 1
       where h.practice_id = $1 and h.type = $2 and h.codes && $4::int8[])
   select k.id, max(named.at) as at from k join named on named.token = k.token group by k.id`,
);

/**
 * Sets `meta.lastUpdated` of resources with embedded resources to the time of the latest change among them. A
 * Practitioner, for example, gets the time when the Practitioner or one of its PractitionerRoles last changed.
 */
export async function withEmbeddedChanges(
  tx: Executor,
  practiceId: PracticeId,
  { type, parentType, parentParameter }: EmbeddedType,
  resources: readonly Resource[],
): Promise<readonly Resource[]> {
  const ids = resources.flatMap(({ resourceType, id }) =>
    resourceType === parentType && id !== undefined ? [id] : [],
  );
  if (ids.length === 0) return resources;
  const tokens = ids.map((id) => referenceToken(parentParameter, { type: parentType, id }));
  const rows = await tx.query(lastChanges, [practiceId, type, ids, tokens]);
  const times = new Map(rows.map(({ id, at }) => [id, at]));
  return resources.map((one) => {
    const at = one.resourceType === parentType ? times.get(one.id ?? '') : undefined;
    return at === undefined ? one : withLastUpdated(one, at);
  });
}

function withLastUpdated(resource: Resource, at: Date): Resource {
  const meta = 'meta' in resource && isObject(resource.meta) ? resource.meta : {};
  const own = parseInstant(meta['lastUpdated']);
  if (own !== undefined && own >= at) return resource;
  return { ...resource, meta: { ...meta, lastUpdated: at.toISOString() } } as Resource;
}
