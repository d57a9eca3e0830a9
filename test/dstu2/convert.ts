import { parseJson, printJson } from '../../src/fhir/core/json.ts';
import type { Resource } from '../../src/fhir/core/version.ts';
import { FORMS } from '../../src/fhir/dstu2/convert/conversions.ts';
import { convertResource, type Surroundings } from '../../src/fhir/dstu2/convert/resource.ts';

export type Node = Record<string, unknown>;

/** Converts a stored resource to DSTU2, as it is serialized. Throws if it is hidden. @param form the DSTU2 type */
export function convert(resource: Resource, form?: string, around?: Surroundings): Node {
  const made = convertResource(resource, form, around);
  if (made === undefined || 'hiddenBy' in made)
    throw new Error(`${resource.resourceType} is not shown: ${made?.hiddenBy}`);
  return parseJson(printJson(made.resource)) as Node;
}

/** The name of the rule that hides a stored resource from DSTU2 clients; undefined if it is visible. */
export function hiddenBy(resource: Resource, form?: string): string | undefined {
  const made = convertResource(resource, form);
  return made !== undefined && 'hiddenBy' in made ? made.hiddenBy : undefined;
}

/** All visible DSTU2 variants of a stored resource. */
export const formsOf = (resource: Resource): readonly Node[] =>
  FORMS.filter(({ stored, type }) => stored === resource.resourceType && hiddenBy(resource, type) === undefined).map(
    ({ type }) => convert(resource, type),
  );
