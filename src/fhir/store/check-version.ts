import { formsOf } from '../core/forms.ts';
import type { Composed } from '../core/search-parameter.ts';
import type { FhirVersion, ServedType } from '../core/version.ts';
import { type IndexedType, indexOf } from './index-table.ts';

/** Holds a version's tables against the index when it is mounted, so that no search finds out. */
export function checkVersion(version: FhirVersion): void {
  for (const type of version.types.flatMap(formsOf)) {
    const fault = faultOf(type, version.projection);
    if (fault !== undefined) throw new Error(`${version.api} ${type.name}: ${fault}`);
  }
}

function faultOf(type: ServedType, projection: string | undefined): string | undefined {
  const index = indexOf(type.stored);
  if (index.home !== type.home) return `lives in the ${index.home}`;
  if (type.home === 'practice' && projection !== undefined) return 'the directory has no projections';
  const missing = type.parameters.find((parameter) => {
    if (parameter.kind === 'patient') return false;
    if (parameter.kind === 'composite') return parameter.composed.some((one) => !isIndexed(one, index));
    const names = {
      token: index.tokens,
      date: index.dates,
      reference: index.references,
      string: index.strings,
      quantity: index.quantities,
      uri: index.uris,
    }[parameter.kind];
    return [parameter.index, ...(parameter.also ?? [])].some((name) => names[name] === undefined);
  });
  return missing === undefined ? undefined : `the parameter ${missing.name} has no index`;
}

/** The parts of a resource are parameters of it, which are looked at by themselves. */
const isIndexed = (composed: Composed, { groups }: IndexedType): boolean =>
  composed.of === 'resource' || groups[composed.index]?.parts.length === composed.kinds.length;
