import type { SearchParameter } from '../core/search-parameter.ts';
import type { ServedType } from '../core/version.ts';
import { FORMS } from './convert/conversions.ts';
import { dstu2Type } from './convert/resource-type.ts';

/** The projection that has a form which is not the first of its stored type, or shares its name with another type. */
export const projectionOf = (type: string): string => `dstu2/${type}`;

/**
 * A DSTU2 type as it is made of another stored type. Its scopes are those of what it is made of: the person was asked about
 * each by itself.
 */
export function form(stored: string, name: string, parameters: readonly SearchParameter[]): ServedType {
  const { idPrefix = '' } = FORMS.find((one) => one.stored === stored && one.type === name) ?? {};
  const first = dstu2Type(stored);
  const scopes = first === undefined || first === name ? [stored] : [stored, first];
  return { name, stored, home: 'record', parameters, projection: projectionOf(name), idPrefix, scopes };
}

export const withForms = (type: ServedType, ...also: readonly ServedType[]): ServedType => ({ ...type, also });
