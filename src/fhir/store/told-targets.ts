import type { Executor } from '../../database/index.ts';
import { parseJson } from '../core/json.ts';
import type { Resource } from '../core/version.ts';
import { isObject } from './elements.ts';
import { addressesIn } from './map-references.ts';
import { type Move, moveRows } from './move-rows.ts';

/** A row of a record, and what it says. */
interface ToldRow {
  readonly type: string;
  readonly id: string;
  readonly content: string;
}

/** Of what a Provenance tells, `Type/id` each, but for the Patient. */
export function targetsIn({ content }: Pick<ToldRow, 'content'>): readonly string[] {
  const { target } = parseJson(content) as { readonly target?: unknown };
  return [...addressesIn(target)].filter((address) => !address.startsWith('Patient/'));
}

/** A Provenance that tells of some resources no more; anything else as it is. */
export function withoutTargets(resource: Resource, gone: ReadonlySet<string>): Resource {
  const target = resource['target'];
  if (resource.resourceType !== 'Provenance' || !Array.isArray(target)) return resource;
  const isGone = (one: unknown): boolean => isObject(one) && gone.has(String(one['reference']));
  return { ...resource, target: target.filter((one) => !isGone(one)) };
}

/**
 * Provenance of a record that tells of what left it, and of more, tells of the rest: its next version names that alone.
 * @param rows of the record, of which those are Provenance that stay
 */
export async function dropTargets(
  tx: Executor,
  move: Omit<Move, 'to'>,
  rows: Iterable<ToldRow>,
  gone: ReadonlySet<string>,
): Promise<void> {
  const told = [...rows].filter(
    (row) =>
      row.type === 'Provenance' &&
      !gone.has(`${row.type}/${row.id}`) &&
      targetsIn(row).some((address) => gone.has(address)),
  );
  const keys = told.map(({ type, id }) => ({ type, id, first: 1 }));
  await moveRows(tx, { ...move, to: move.from }, keys, async (some) =>
    some.map(({ resource }) => withoutTargets(resource, gone)),
  );
}
