import type { Conversion, Profile } from './conversion.ts';
import { CONVERSIONS } from './conversions.ts';
import { apply, type Context, type Draft, isObject, type Json, listOf, objectsIn, textOf } from './element.ts';
import { extension } from './extension.ts';

export type Converted = { readonly resource: Json } | { readonly hiddenBy: string };
/** Information that the resource alone does not contain. */
export type Surroundings = Partial<Pick<Context, 'placed' | 'roles'>>;

/**
 * Converts a stored R4 resource to DSTU2.
 * @param form DSTU2 type to convert to; undefined selects the first variant that applies
 * @returns undefined if the stored type has no such DSTU2 variant
 */
export function convertResource(from: Json, variant?: string, related: Surroundings = {}): Converted | undefined {
  const variants = findVariants(from).filter(({ type }) => variant === undefined || type === variant);
  if (variants.length === 0) return undefined;
  const conversion = variants.find((one) => appliesTo(one, from));
  if (conversion === undefined) return { hiddenBy: HAS_ANOTHER_FORM };
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
/** Hiding rule for a resource that belongs to another variant of its stored type. */
export const HAS_ANOTHER_FORM = 'has-another-form';

const findVariants = (from: Json): readonly Conversion[] => CONVERSIONS.get(textOf(from['resourceType']) ?? '') ?? [];
const appliesTo = (form: Conversion, from: Json): boolean => form.isFor?.(from) !== false;
const findConversion = (from: Json): Conversion | undefined => findVariants(from).find((form) => appliesTo(form, from));

function runConversion(from: Json, conversion: Conversion, context: Context): Draft {
  const into: Draft = { resourceType: conversion.type };
  apply(conversion.rules, from, into, context);
  conversion.complete?.(into, from, context);
  return into;
}

const NO_CONTAINED: Context['contained'] = new Map();
const EMPTY_CONTEXT: Context = { extension, contained: NO_CONTAINED, placed: new Map(), roles: [] };

function createContext(from: Json): Context {
  const resources = objectsIn(from['contained']);
  if (resources.length === 0) return EMPTY_CONTEXT;
  const contained = resources.map((source) => {
    const conversion = findConversion(source);
    const hidden = conversion?.isToldByCode === true || conversion?.hiddenBy?.(source, EMPTY_CONTEXT) !== undefined;
    return [`#${source['id']}`, { source, type: hidden ? undefined : conversion?.type }] as const;
  });
  return { ...EMPTY_CONTEXT, contained: new Map(contained) };
}

/**
 * DSTU2 dom-3: only contained resources that are still referenced after the conversion are kept. DSTU2 dom-1: they must
 * not have a narrative, which R4 allows.
 */
function convertContained(into: Draft, context: Context): void {
  if (context.contained.size === 0) return;
  const converted = [...context.contained].flatMap(([id, { source, type }]) => {
    const conversion = type === undefined ? undefined : findConversion(source);
    if (conversion === undefined) return [];
    const { text: _narrative, ...resource } = runConversion(source, conversion, context);
    return [{ id, resource }];
  });
  const referenced = new Set([into, ...converted.map((one) => one.resource)].flatMap(containedReferences));
  const used = converted.filter(({ id }) => referenced.has(id));
  if (used.length > 0) into['contained'] = [...listOf(into['contained']), ...used.map((one) => one.resource)];
}

/** Returns every `#id` that the resource refers to. */
const containedReferences = (resource: object): readonly string[] =>
  [...JSON.stringify(resource).matchAll(/"reference":"(#[^"]*)"/g)].map(([, id = '']) => id);

/**
 * A resource that claims a US Core profile claims the corresponding Argonaut profiles if it satisfies them after the
 * conversion.
 */
function claimProfiles(into: Draft, claimed: readonly unknown[], profiles: readonly Profile[]): void {
  if (!claimed.some((url) => typeof url === 'string' && US_CORE.test(url))) return;
  const met = profiles.filter((profile) => profile.isMetBy(into)).map((profile) => profile.url);
  if (met.length > 0) into['meta'] = { ...(isObject(into['meta']) ? into['meta'] : {}), profile: met };
}

const claimedProfiles = (from: Json): readonly unknown[] =>
  isObject(from['meta']) ? listOf(from['meta']['profile']) : [];

/** Profiles of US Core, and the vital signs profiles of R4 itself. */
const US_CORE =
  /^http:\/\/hl7\.org\/fhir\/(?:us\/core\/StructureDefinition\/|StructureDefinition\/(?:vitalsigns|vitalspanel|resprate|heartrate|oxygensat|bodytemp|bodyheight|headcircum|bodyweight|bmi|bp)(?:\||$))/;
