import { isObject, nonEmptyText, objectsIn, toList } from '../../../kernel/index.ts';
import type { ArgonautProfile, ResourceConversion } from './conversion.ts';
import { applyRules, type ConversionContext, type DraftElement, type FhirJson } from './conversion-rules.ts';
import { CONVERSIONS } from './conversions.ts';
import { convertExtension } from './datatypes/extension.ts';

export type ConversionResult = { readonly resource: FhirJson } | { readonly hiddenBy: string };
/**
 * Data from other resources that the conversion of a resource needs: targets of references and the roles of a
 * Practitioner.
 */
export type ConversionRelatedData = Partial<Pick<ConversionContext, 'referenceTargets' | 'roles'>>;

/**
 * Converts a stored R4 resource to DSTU2.
 * @param variant DSTU2 type to convert to; undefined selects the first DSTU2 type that the resource can become
 * @returns undefined if the R4 type is never converted to that DSTU2 type
 */
export function convertResource(
  from: FhirJson,
  variant?: string,
  related: ConversionRelatedData = {},
): ConversionResult | undefined {
  const variants = findVariants(from).filter(({ type }) => variant === undefined || type === variant);
  if (variants.length === 0) return undefined;
  const conversion = variants.find((one) => appliesTo(one, from));
  if (conversion === undefined) return { hiddenBy: HAS_OTHER_VARIANT };
  const context = { ...createContext(from), ...related };
  const hiddenBy = conversion.hiddenBy?.(from, context);
  if (hiddenBy !== undefined) return { hiddenBy };
  const into = runConversion(from, conversion, context);
  if (!conversion.required.every((name) => into[name] !== undefined)) return { hiddenBy: 'required-element-missing' };
  if (conversion.idPrefix !== undefined) into['id'] = `${conversion.idPrefix}${into['id']}`;
  convertContained(into, { ...context, roles: [] });
  claimProfiles(into, claimedProfiles(from), conversion.profiles);
  return { resource: into };
}
/**
 * Reason for hiding a resource from one DSTU2 type because it becomes another one, such as a ServiceRequest that is a
 * ReferralRequest.
 */
export const HAS_OTHER_VARIANT = 'has-another-form';

const findVariants = (from: FhirJson): readonly ResourceConversion[] =>
  CONVERSIONS.get(nonEmptyText(from['resourceType']) ?? '') ?? [];
const appliesTo = (form: ResourceConversion, from: FhirJson): boolean => form.appliesTo?.(from) !== false;
const findConversion = (from: FhirJson): ResourceConversion | undefined =>
  findVariants(from).find((form) => appliesTo(form, from));

function runConversion(from: FhirJson, conversion: ResourceConversion, context: ConversionContext): DraftElement {
  const into: DraftElement = { resourceType: conversion.type };
  applyRules(conversion.rules, from, into, context);
  conversion.complete?.(into, from, context);
  return into;
}

const NO_CONTAINED: ConversionContext['contained'] = new Map();
const EMPTY_CONTEXT: ConversionContext = {
  extension: convertExtension,
  contained: NO_CONTAINED,
  referenceTargets: new Map(),
  roles: [],
};

function createContext(from: FhirJson): ConversionContext {
  const resources = objectsIn(from['contained']);
  if (resources.length === 0) return EMPTY_CONTEXT;
  const contained = resources.map((source) => {
    const conversion = findConversion(source);
    const hidden = conversion?.isInlinedAsCode === true || conversion?.hiddenBy?.(source, EMPTY_CONTEXT) !== undefined;
    return [`#${source['id']}`, { source, type: hidden ? undefined : conversion?.type }] as const;
  });
  return { ...EMPTY_CONTEXT, contained: new Map(contained) };
}

/**
 * Converts contained resources. FHIR DSTU2, dom-3: the result contains only those that the converted resource still
 * refers to. FHIR DSTU2, dom-1: a contained resource has no narrative, so a narrative that R4 allowed is dropped.
 */
function convertContained(into: DraftElement, context: ConversionContext): void {
  if (context.contained.size === 0) return;
  const converted = [...context.contained].flatMap(([id, { source, type }]) => {
    const conversion = type === undefined ? undefined : findConversion(source);
    if (conversion === undefined) return [];
    const { text: _narrative, ...resource } = runConversion(source, conversion, context);
    return [{ id, resource }];
  });
  const referenced = new Set([into, ...converted.map((one) => one.resource)].flatMap(containedReferences));
  const used = converted.filter(({ id }) => referenced.has(id));
  if (used.length > 0) into['contained'] = [...toList(into['contained']), ...used.map((one) => one.resource)];
}

/** Returns all references in a resource that lead to a contained resource, such as `#id`. */
const containedReferences = (resource: object): readonly string[] =>
  [...JSON.stringify(resource).matchAll(/"reference":"(#[^"]*)"/g)].map(([, id = '']) => id);

/**
 * Declares Argonaut profiles on a resource that declares a US Core profile, if it satisfies the Argonaut profiles after
 * the conversion.
 */
function claimProfiles(into: DraftElement, claimed: readonly unknown[], profiles: readonly ArgonautProfile[]): void {
  if (!claimed.some((url) => typeof url === 'string' && US_CORE.test(url))) return;
  const met = profiles.filter((profile) => profile.isMetBy(into)).map((profile) => profile.url);
  if (met.length > 0) into['meta'] = { ...(isObject(into['meta']) ? into['meta'] : {}), profile: met };
}

const claimedProfiles = (from: FhirJson): readonly unknown[] =>
  isObject(from['meta']) ? toList(from['meta']['profile']) : [];

/** URLs of the US Core profiles and of the vital signs profiles of R4 itself. */
const US_CORE =
  /^http:\/\/hl7\.org\/fhir\/(?:us\/core\/StructureDefinition\/|StructureDefinition\/(?:vitalsigns|vitalspanel|resprate|heartrate|oxygensat|bodytemp|bodyheight|headcircum|bodyweight|bmi|bp)(?:\||$))/;
