import { parseJson } from '../../src/fhir/core/json.ts';
import type { Resource } from '../../src/fhir/core/version.ts';
import { dstu2Projection } from '../../src/fhir/dstu2/index.ts';

export type Node = Record<string, unknown>;

/** What a DSTU2 client gets of a stored resource; fails where it gets nothing. */
export function convert(resource: Resource): Node {
  const made = dstu2Projection.project(resource);
  if (made === undefined || 'hiddenBy' in made)
    throw new Error(`${resource.resourceType} is not shown: ${made?.hiddenBy}`);
  return parseJson(made.content) as Node;
}

/** Why a DSTU2 client does not see a stored resource; undefined when it does. */
export function hiddenBy(resource: Resource): string | undefined {
  const made = dstu2Projection.project(resource);
  return made !== undefined && 'hiddenBy' in made ? made.hiddenBy : undefined;
}
