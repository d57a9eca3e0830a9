import { formsOf } from '../core/forms.ts';
import { type Composed, indexesOf } from '../core/search-parameter.ts';
import type { FhirVersion, ServedType } from '../core/version.ts';
import { type IndexedType, indexOf } from './index-table.ts';

/**
 * Verifies at startup that every search parameter of a served version has an index, so that a missing index fails the
 * start and not a search.
 * @throws Error naming the type and the parameter
 */
export function checkVersion(version: FhirVersion): void {
  for (const type of version.types.flatMap(formsOf)) {
    const error = faultOf(type, version.part);
    if (error !== undefined) throw new Error(`${version.api} ${type.name}: ${error}`);
  }
}

function faultOf(type: ServedType, embedded: FhirVersion['part']): string | undefined {
  const index = indexOf(type.stored);
  if (index.home !== type.home) return `lives in the ${index.home}`;
  const missing = type.parameters.find((parameter) => {
    if (parameter.kind === 'patient') return false;
    if (parameter.kind === 'composite') return parameter.composed.some((one) => !isIndexed(one, index));
    const own = parameter.within === true ? embedded && indexOf(embedded.type) : index;
    if (own === undefined) return true;
    const names = {
      token: own.tokens,
      date: own.dates,
      reference: own.references,
      string: own.strings,
      quantity: own.quantities,
      uri: own.uris,
    }[parameter.kind];
    return indexesOf(parameter).some((name) => names[name] === undefined);
  });
  return missing === undefined ? undefined : `the parameter ${missing.name} has no index`;
}

/** The components of a composite over a whole resource are parameters of their own, which are checked separately. */
const isIndexed = (composed: Composed, { groups }: IndexedType): boolean =>
  composed.of === 'resource' || groups[composed.index]?.parts.length === composed.kinds.length;
