import { parseJson, printJson } from '../../src/fhir/core/json.ts';
import type { Resource } from '../../src/fhir/core/version.ts';
import { FORMS } from '../../src/fhir/dstu2/convert/conversions.ts';
import { convertResource, type Surroundings } from '../../src/fhir/dstu2/convert/resource.ts';

export type Node = Record<string, unknown>;

/** What becomes of a stored resource in DSTU2, as it is written; fails where nothing does. @param form the type there */
export function convert(resource: Resource, form?: string, around?: Surroundings): Node {
  const made = convertResource(resource, form, around);
  if (made === undefined || 'hiddenBy' in made)
    throw new Error(`${resource.resourceType} is not shown: ${made?.hiddenBy}`);
  return parseJson(printJson(made.resource)) as Node;
}

/** Why a DSTU2 client does not see a stored resource; undefined when it does. */
export function hiddenBy(resource: Resource, form?: string): string | undefined {
  const made = convertResource(resource, form);
  return made !== undefined && 'hiddenBy' in made ? made.hiddenBy : undefined;
}

/** Every form that DSTU2 has of a stored resource and shows. */
export const formsOf = (resource: Resource): readonly Node[] =>
  FORMS.filter(({ stored, type }) => stored === resource.resourceType && hiddenBy(resource, type) === undefined).map(
    ({ type }) => convert(resource, type),
  );
