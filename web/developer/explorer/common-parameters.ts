import type { ExplorerParameter } from './open-api.ts';

/** Search parameters that developers use most, of all resource types, the most important first. */
const COMMON = [
  'name',
  'birthdate',
  'gender',
  'category',
  'code',
  'vaccine-code',
  'medication',
  'clinical-status',
  'lifecycle-status',
  'status',
  'class',
  'type',
  'intent',
  'date',
  'authoredon',
  'authored',
  'effective',
  'effective-time',
  'whenhandedover',
  'onset-date',
  'start-date',
  'collected',
  'created',
  'recorded',
  'practitioner',
  'specialty',
  'address-city',
];

/**
 * Returns the names of the parameters that the form shows first: those that developers use most, and the number of
 * matches per page.
 * @param count number of parameters to return
 */
export function commonParameters(parameters: readonly ExplorerParameter[], count: number): readonly string[] {
  const has = (name: string): boolean => parameters.some((parameter) => parameter.name === name);
  return [...COMMON.filter(has).slice(0, count - 1), '_count'];
}
