import type { Executor } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';
import type { Projected, Projection } from '../core/projection.ts';
import type { Resource } from '../core/version.ts';
import { valuesList } from './write-rows.ts';

const CASTS = ['bigint', 'text', 'text', 'uuid', 'int', 'text', 'text'];
const COLUMNS = 'record_id, name, type, id, maker, content, hidden_by';

/** Makes the projections of resources as they are now stored, in the transaction that stores them. */
export async function writeProjections(
  tx: Executor,
  recordId: RecordId,
  resources: readonly Resource[],
  projections: readonly Projection[],
): Promise<void> {
  const rows = projections.flatMap((projection) =>
    resources.flatMap((resource) => rowOf(recordId, projection, resource)),
  );
  if (rows.length === 0) return;
  await tx.queryText(
    `insert into projection (${COLUMNS}) values ${valuesList(rows.length, CASTS)}
     on conflict (record_id, name, type, id) do update
       set maker = excluded.maker, content = excluded.content, hidden_by = excluded.hidden_by`,
    rows.flat(),
  );
}

function rowOf(recordId: RecordId, projection: Projection, resource: Resource): readonly (readonly unknown[])[] {
  const made = projected(projection, resource);
  if (made === undefined) return [];
  const content = 'content' in made ? made.content : null;
  const hiddenBy = 'hiddenBy' in made ? made.hiddenBy : null;
  return [[recordId, projection.name, resource.resourceType, resource.id, projection.maker, content, hiddenBy]];
}

/** What can't be converted is hidden in that version: one odd resource must not keep the record from being loaded. */
function projected(projection: Projection, resource: Resource): Projected | undefined {
  try {
    return projection.project(resource);
  } catch {
    return projection.types.includes(resource.resourceType) ? { hiddenBy: 'conversion-failed' } : undefined;
  }
}
