import type { ServedType } from '../../model/fhir-version.ts';
import type { SearchParameter } from '../../model/search-parameter.ts';
import { DSTU2_VARIANTS } from '../convert/conversions.ts';
import { dstu2Type } from '../convert/resource-type.ts';

/**
 * Returns the name under which the store keeps the DSTU2 text of a type. It is used if the R4 type also becomes another
 * DSTU2 type, or if two R4 types become the same DSTU2 type.
 */
export const variantProjection = (type: string): string => `dstu2/${type}`;

/**
 * Declares a further DSTU2 type that an R4 type becomes. A search of the further type is allowed by the scopes of the
 * R4 type, because the person consented to each R4 type separately.
 */
export function variantType(stored: string, name: string, parameters: readonly SearchParameter[]): ServedType {
  const { idPrefix = '' } = DSTU2_VARIANTS.find((one) => one.stored === stored && one.type === name) ?? {};
  const first = dstu2Type(stored);
  const scopes = first === undefined || first === name ? [stored] : [stored, first];
  return {
    name,
    stored,
    compartment: 'record',
    parameters,
    projection: variantProjection(name),
    idPrefix,
    scopeNames: scopes,
  };
}

export const withVariants = (type: ServedType, ...also: readonly ServedType[]): ServedType => ({
  ...type,
  variants: also,
});
