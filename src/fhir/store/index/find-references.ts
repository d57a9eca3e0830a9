import { isObject } from '../../../kernel/index.ts';
import type { ReferenceValue } from '../../model/condition.ts';
import { elementsAt } from './elements.ts';
import { getIndexedType } from './index-definitions.ts';

/**
 * Returns the resources to which a resource refers in the elements of a reference search parameter. Only references of
 * the form `Type/id` are considered.
 * @param index name of the search parameter's index
 * @param at element paths of the references; default: the paths of that index
 */
export function findReferences(
  resource: unknown,
  type: string,
  index: string,
  at: readonly string[] = getIndexedType(type).references[index] ?? [],
): readonly (ReferenceValue & { readonly type: string })[] {
  return at
    .flatMap((path) => elementsAt(resource, path))
    .flatMap((element) => {
      const [, of, id] =
        /^([A-Za-z]+)\/([A-Za-z0-9.-]+)$/.exec(String(isObject(element) ? element['reference'] : element)) ?? [];
      return of === undefined || id === undefined ? [] : [{ type: of, id }];
    });
}
