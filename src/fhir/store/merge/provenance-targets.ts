import type { Executor } from '../../../database/index.ts';
import { isObject } from '../../../kernel/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import { findLocalReferences } from '../write/rewrite-references.ts';
import { moveResources, type RowMove } from './move-rows.ts';

/** A stored resource of a patient record, with its JSON text. */
interface RecordTextRow {
  readonly type: string;
  readonly id: string;
  readonly content: string;
}

/** Returns the targets of a Provenance as `Type/id`. Targets that are Patients are left out. */
export function listTargets({ content }: Pick<RecordTextRow, 'content'>): readonly string[] {
  const { target } = parseJson(content) as { readonly target?: unknown };
  return [...findLocalReferences(target)].filter((address) => !address.startsWith('Patient/'));
}

/** Removes some targets from a Provenance. Resources of other types are returned unchanged. */
export function removeTargets(resource: Resource, departed: ReadonlySet<string>): Resource {
  const target = resource['target'];
  if (resource.resourceType !== 'Provenance' || !Array.isArray(target)) return resource;
  const isRemoved = (one: unknown): boolean => isObject(one) && departed.has(String(one['reference']));
  return { ...resource, target: target.filter((one) => !isRemoved(one)) };
}

/**
 * Updates each Provenance that refers to resources that left the patient record. Its new version has only the targets
 * that are still in the record.
 * @param rows all resources of the record
 */
export async function removeDepartedTargets(
  tx: Executor,
  move: Omit<RowMove, 'to'>,
  rows: Iterable<RecordTextRow>,
  departed: ReadonlySet<string>,
): Promise<void> {
  const affected = [...rows].filter(
    (row) =>
      row.type === 'Provenance' &&
      !departed.has(`${row.type}/${row.id}`) &&
      listTargets(row).some((address) => departed.has(address)),
  );
  const keys = affected.map(({ type, id }) => ({ type, id, first: 1 }));
  await moveResources(tx, { ...move, to: move.from }, keys, async (some) =>
    some.map(({ resource }) => removeTargets(resource, departed)),
  );
}
