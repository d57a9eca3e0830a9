import { isObject } from '../../../kernel/index.ts';
import type { CodeMap, ConversionContext, ConversionRules, DraftElement, FhirJson } from './conversion-rules.ts';

/** Describes how resources of one stored type become a DSTU2 type. */
export interface ResourceConversion {
  /** The DSTU2 type. */
  readonly type: string;
  /** Prefix of the stored id, for a stored type that shares its DSTU2 name with another one. */
  readonly idPrefix?: string;
  /** Whether a resource of the stored type belongs to this variant. If it is absent, all of them do. */
  appliesTo?(from: FhirJson): boolean;
  /** One rule for each R4 element, in the order of the definition. */
  readonly rules: ConversionRules;
  /** Returns the name of the rule that hides the resource from DSTU2 clients, or undefined if it is visible. */
  hiddenBy?(from: FhirJson, context: ConversionContext): string | undefined;
  /** Adds what no single R4 element provides: defaults, and elements derived from several elements. */
  complete?(into: DraftElement, from: FhirJson, context: ConversionContext): void;
  /** DSTU2 elements that must be present after conversion; otherwise the resource is hidden. */
  readonly required: readonly string[];
  /** Argonaut profiles that the converted resource may claim. */
  readonly profiles: readonly ArgonautProfile[];
  /** A contained resource of this type is dropped, and the element that refers to it shows its code instead. */
  readonly isInlinedAsCode?: true;
}

/** Profile of Argonaut Data Query 1.0.0. */
export interface ArgonautProfile {
  readonly url: string;
  /** Whether a converted DSTU2 resource satisfies the profile. */
  isMetBy(resource: FhirJson): boolean;
}

export const argonautProfile = (name: string, isMetBy: ArgonautProfile['isMetBy']): ArgonautProfile => ({
  url: `http://fhir.org/guides/argonaut/StructureDefinition/argo-${name}`,
  isMetBy,
});

export const hasAll = (element: FhirJson, ...names: readonly string[]): boolean =>
  names.every((name) => element[name] !== undefined);

/** For codes that are modifiers: a resource with a code that DSTU2 can't express must not be shown without it. */
export const isUnmappedCode = (code: unknown, table: CodeMap): boolean => typeof code !== 'string' || !table.has(code);

/** Returns the rule that hides a resource whose required status has no DSTU2 code, or undefined if it has one. */
export function hiddenByStatus(code: unknown, table: CodeMap): string | undefined {
  if (!isUnmappedCode(code, table)) return undefined;
  if (code === 'entered-in-error') return 'entered-in-error';
  return code === 'unknown' ? 'status-unknown' : 'status-not-understood';
}

/**
 * The same for a status that is optional in DSTU2.
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

/** Argonaut requires an actual reference to the patient; a display isn't enough. */
export const hasReference = (value: unknown): boolean => isObject(value) && value['reference'] !== undefined;

/** For flags that are modifiers: the value is present but isn't a boolean. */
export const isInvalidFlag = (value: unknown): boolean => value !== undefined && typeof value !== 'boolean';

/**
 * Whether a flag is absent or exactly `false`. The string "true" or a value withheld by an extension must not be read
 * as `false`.
 */
export const isAbsentOrFalse = (from: FhirJson, name: string): boolean =>
  from[name] === false || (from[name] === undefined && from[`_${name}`] === undefined);
