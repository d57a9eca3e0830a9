import { type Codes, type Context, type Draft, isObject, type Json, type Rules } from './element.ts';

/** How resources of one stored type become DSTU2 ones. */
export interface Conversion {
  /** The type's name in DSTU2. */
  readonly type: string;
  /** In front of the stored id, where another stored type has the same name in DSTU2. */
  readonly idPrefix?: string;
  /** Which resources of the stored type have this form; absent: all. */
  isFor?(from: Json): boolean;
  /** One for each element of R4, in the order of its definition. */
  readonly rules: Rules;
  /** The named rule by which DSTU2 clients must not see the resource at all, when there is one. */
  hiddenBy?(from: Json, context: Context): string | undefined;
  /** What has no single element of R4 as its source: defaults, and elements made of several. */
  complete?(into: Draft, from: Json, context: Context): void;
  /** Elements without which it is no resource of the type. */
  readonly required: readonly string[];
  /** Argonaut profiles of the type. */
  readonly profiles: readonly Profile[];
  /** Within another resource it is not shown as one: whoever refers to it there tells its code. */
  readonly isToldByCode?: true;
}

/** Argonaut Data Query 1.0.0 */
export interface Profile {
  readonly url: string;
  /** Whether a DSTU2 resource has all that the profile demands. */
  isMetBy(resource: Json): boolean;
}

export const argonaut = (name: string, isMetBy: Profile['isMetBy']): Profile => ({
  url: `http://fhir.org/guides/argonaut/StructureDefinition/argo-${name}`,
  isMetBy,
});

export const hasAll = (element: Json, ...names: readonly string[]): boolean =>
  names.every((name) => element[name] !== undefined);

/** Of a code that is a modifier: what can't be read must not be shown without it. */
export const isUnclearCode = (code: unknown, table: Codes): boolean => typeof code !== 'string' || !table.has(code);

/** The rule that hides a resource whose required status DSTU2 can't say; undefined: it can. */
export function hiddenByStatus(code: unknown, table: Codes): string | undefined {
  if (!isUnclearCode(code, table)) return undefined;
  if (code === 'entered-in-error') return 'entered-in-error';
  return code === 'unknown' ? 'status-unknown' : 'status-not-understood';
}

/** The same where DSTU2 may do without one. @param omitted codes that stand for no status */
export function hiddenByOptional(from: Json, name: string, table: Codes, ...omitted: string[]): string | undefined {
  const isAbsent = from[name] === undefined && from[`_${name}`] === undefined;
  return isAbsent || omitted.includes(String(from[name])) ? undefined : hiddenByStatus(from[name], table);
}

/** An Argonaut profile asks for a patient that is pointed to. */
export const pointsTo = (value: unknown): boolean => isObject(value) && value['reference'] !== undefined;

/** Of a flag that is a modifier: neither yes nor no. */
export const isUnclearFlag = (value: unknown): boolean => value !== undefined && typeof value !== 'boolean';

/** Absent or exactly false: "true" as a text, or a value that is withheld, must not turn into its opposite. */
export const isDenied = (from: Json, name: string): boolean =>
  from[name] === false || (from[name] === undefined && from[`_${name}`] === undefined);
