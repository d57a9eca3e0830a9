import { isObject } from '../../../kernel/index.ts';
import type { CodeMap, ConversionContext, ConversionRules, DraftElement, FhirJson } from './conversion-rules.ts';

/** Describes how resources of one R4 type become a DSTU2 type. */
export interface ResourceConversion {
  /** Name of the DSTU2 type. */
  readonly type: string;
  /**
   * Prefix of resource ids in DSTU2, for example `careteam-`. If two R4 types become the same DSTU2 type, one of the R4
   * types has a prefix, so that the ids of their resources can't be equal.
   */
  readonly idPrefix?: string;
  /** Whether a resource of the R4 type becomes this DSTU2 type. If the function is missing, every resource does. */
  appliesTo?(from: FhirJson): boolean;
  /** Conversion rules, one for each element of the R4 type, in the order of the R4 definition. */
  readonly rules: ConversionRules;
  /**
   * Returns the reason why the resource is hidden from DSTU2 clients, as a short name such as `entered-in-error`.
   * undefined means that it is visible.
   */
  hiddenBy?(from: FhirJson, context: ConversionContext): string | undefined;
  /** Adds DSTU2 elements that no single R4 element provides: defaults, and elements derived from several elements. */
  complete?(into: DraftElement, from: FhirJson, context: ConversionContext): void;
  /**
   * DSTU2 elements that must be present after the conversion. A resource without one of them is hidden from DSTU2
   * clients.
   */
  readonly required: readonly string[];
  /** Argonaut profiles that the DSTU2 resource may declare in `meta.profile`, if it satisfies them. */
  readonly profiles: readonly ArgonautProfile[];
  /**
   * Whether a contained resource of this type is dropped in favor of its code, which appears in the element that refers
   * to the resource.
   */
  readonly isInlinedAsCode?: true;
}

/** Profile of Argonaut Data Query 1.0.0. */
export interface ArgonautProfile {
  readonly url: string;
  /** Whether a converted DSTU2 resource satisfies this Argonaut profile. */
  isMetBy(resource: FhirJson): boolean;
}

export const argonautProfile = (name: string, isMetBy: ArgonautProfile['isMetBy']): ArgonautProfile => ({
  url: `http://fhir.org/guides/argonaut/StructureDefinition/argo-${name}`,
  isMetBy,
});

export const hasAll = (element: FhirJson, ...names: readonly string[]): boolean =>
  names.every((name) => element[name] !== undefined);

/**
 * Whether a code has no DSTU2 code in the table. It is checked for modifier elements, because a resource must not be
 * shown without a modifier that DSTU2 can't express.
 */
export const isUnmappedCode = (code: unknown, table: CodeMap): boolean => typeof code !== 'string' || !table.has(code);

/**
 * Returns the reason for hiding a resource whose required status has no DSTU2 code. undefined if the status has one.
 */
export function hiddenByStatus(code: unknown, table: CodeMap): string | undefined {
  if (!isUnmappedCode(code, table)) return undefined;
  if (code === 'entered-in-error') return 'entered-in-error';
  return code === 'unknown' ? 'status-unknown' : 'status-not-understood';
}

/**
 * Returns the reason for hiding a resource whose status has no DSTU2 code, for types whose status is optional in DSTU2.
 * @param omitted R4 codes that mean the same as no status
 */
export function hiddenByOptionalStatus(
  from: FhirJson,
  name: string,
  table: CodeMap,
  ...omitted: string[]
): string | undefined {
  const isAbsent = from[name] === undefined && from[`_${name}`] === undefined;
  return isAbsent || omitted.includes(String(from[name])) ? undefined : hiddenByStatus(from[name], table);
}

/** Whether a Reference has a `reference`. Argonaut requires a `reference` to the patient: a `display` isn't enough. */
export const hasReference = (value: unknown): boolean => isObject(value) && value['reference'] !== undefined;

/** Whether a modifier flag such as `doNotPerform` has a value that isn't a boolean. */
export const isInvalidFlag = (value: unknown): boolean => value !== undefined && typeof value !== 'boolean';

/**
 * Whether a flag is absent or exactly `false`. The string "true" or a value withheld by an extension must not be read
 * as `false`.
 */
export const isAbsentOrFalse = (from: FhirJson, name: string): boolean =>
  from[name] === false || (from[name] === undefined && from[`_${name}`] === undefined);
