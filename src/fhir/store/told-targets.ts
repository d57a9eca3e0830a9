import type { Executor } from '../../database/index.ts';
import { parseJson } from '../core/json.ts';
import type { Resource } from '../core/version.ts';
import { isObject } from './elements.ts';
import { addressesIn } from './map-references.ts';
import { type Move, moveRows } from './move-rows.ts';

/** A record's row with its content. */
interface ToldRow {
  readonly type: string;
  readonly id: string;
  readonly content: string;
}

/** Returns the targets of a Provenance as `Type/id`, without Patients. */
export function targetsIn({ content }: Pick<ToldRow, 'content'>): readonly string[] {
  const { target } = parseJson(content) as { readonly target?: unknown };
  return [...addressesIn(target)].filter((address) => !address.startsWith('Patient/'));
}

/** Removes targets from a Provenance. Other resources are returned unchanged. */
export function withoutTargets(resource: Resource, departed: ReadonlySet<string>): Resource {
  const target = resource['target'];
  if (resource.resourceType !== 'Provenance' || !Array.isArray(target)) return resource;
  const isGone = (one: unknown): boolean => isObject(one) && departed.has(String(one['reference']));
  return { ...resource, target: target.filter((one) => !isGone(one)) };
}

/**
 * Rewrites Provenance that describes both remaining and departed resources: the next version names only the remaining
 * ones.
 * @param rows the record's rows, including its remaining Provenance
 */
export async function dropTargets(
  tx: Executor,
  move: Omit<Move, 'to'>,
  rows: Iterable<ToldRow>,
  departed: ReadonlySet<string>,
): Promise<void> {
  const affected = [...rows].filter(
    (row) =>
      row.type === 'Provenance' &&
      !departed.has(`${row.type}/${row.id}`) &&
      targetsIn(row).some((address) => departed.has(address)),
  );
  const keys = affected.map(({ type, id }) => ({ type, id, first: 1 }));
  await moveRows(tx, { ...move, to: move.from }, keys, async (some) =>
    some.map(({ resource }) => withoutTargets(resource, departed)),
  );
}
