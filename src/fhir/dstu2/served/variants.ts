import type { ServedType } from '../../model/fhir-version.ts';
import type { SearchParameter } from '../../model/search-parameter.ts';
import { DSTU2_VARIANTS } from '../convert/conversions.ts';
import { dstu2Type } from '../convert/resource-type.ts';

/**
 * Returns the name of the projection for a variant that is not the first of its stored type, or that shares its DSTU2
 * name with another stored type.
 */
export const variantProjection = (type: string): string => `dstu2/${type}`;

/**
 * Declares a DSTU2 type that is converted from another stored type. It needs the scopes of the stored type, because the
 * person consented to each type separately.
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
