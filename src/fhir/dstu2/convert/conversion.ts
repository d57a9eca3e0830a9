import type { Codes, Context, Draft, Json, Rules } from './element.ts';

/** How resources of one stored type become DSTU2 ones. */
export interface Conversion {
  /** The type's name in DSTU2. */
  readonly type: string;
  /** One for each element of R4, in the order of its definition. */
  readonly rules: Rules;
  /** The named rule by which DSTU2 clients must not see the resource at all, when there is one. */
  hiddenBy?(from: Json, context: Context): string | undefined;
  /** What has no single element of R4 as its source: defaults, and elements made of several. */
  complete?(into: Draft, from: Json): void;
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
