import type { FhirVersion, ServedType } from '../../model/fhir-version.ts';
import { type CompositeLocation, parameterIndexes } from '../../model/search-parameter.ts';
import { typeVariants } from '../../model/type-variants.ts';
import { getIndexedType, type IndexedType } from './index-definitions.ts';

/**
 * Verifies at startup that every search parameter of a FHIR version has a search index. Otherwise a missing index would
 * show up only when a client uses the parameter.
 * @throws Error naming the type and the parameter
 */
export function assertVersionIndexed(version: FhirVersion): void {
  for (const type of version.types.flatMap(typeVariants)) {
    const error = findIndexError(type, version.embedded);
    if (error !== undefined) throw new Error(`${version.api} ${type.name}: ${error}`);
  }
}

function findIndexError(type: ServedType, embedded: FhirVersion['embedded']): string | undefined {
  const index = getIndexedType(type.stored);
  if (index.compartment !== type.compartment) return `lives in the ${index.compartment}`;
  const missing = type.parameters.find((parameter) => {
    if (parameter.kind === 'patient') return false;
    if (parameter.kind === 'composite') return parameter.locations.some((one) => !isCompositeIndexed(one, index));
    const own = parameter.within === true ? embedded && getIndexedType(embedded.type) : index;
    if (own === undefined) return true;
    const names = {
      token: own.tokens,
      date: own.dates,
      reference: own.references,
      string: own.strings,
      quantity: own.quantities,
      uri: own.uris,
    }[parameter.kind];
    return parameterIndexes(parameter).some((name) => names[name] === undefined);
  });
  return missing === undefined ? undefined : `the parameter ${missing.name} has no index`;
}

/**
 * True if a composite parameter has the index it needs. A parameter whose components are search parameters of the whole
 * resource needs none: it uses the indexes of its components, which are checked separately.
 */
const isCompositeIndexed = (composed: CompositeLocation, { groups }: IndexedType): boolean =>
  composed.of === 'resource' || groups[composed.index]?.parts.length === composed.kinds.length;
