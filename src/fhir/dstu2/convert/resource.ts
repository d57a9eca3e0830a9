import type { Conversion, Profile } from './conversion.ts';
import { CONVERSIONS } from './conversions.ts';
import { apply, type Context, type Draft, isObject, type Json, listOf, objectsIn, textOf } from './element.ts';
import { extension } from './extension.ts';

export type Converted = { readonly resource: Json } | { readonly hiddenBy: string };
/** What a resource alone does not tell. */
export type Surroundings = Partial<Pick<Context, 'placed' | 'roles'>>;

/**
 * @param form the type in DSTU2; undefined: the first form the resource has
 * @returns undefined when DSTU2 has no such form of the type
 */
export function convertResource(from: Json, form?: string, around: Surroundings = {}): Converted | undefined {
  const forms = formsOf(from).filter(({ type }) => form === undefined || type === form);
  if (forms.length === 0) return undefined;
  const conversion = forms.find((one) => isFor(one, from));
  if (conversion === undefined) return { hiddenBy: HAS_ANOTHER_FORM };
  const context = { ...contextOf(from), ...around };
  const hiddenBy = conversion.hiddenBy?.(from, context);
  if (hiddenBy !== undefined) return { hiddenBy };
  const into = converted(from, conversion, context);
  if (!conversion.required.every((name) => into[name] !== undefined)) return { hiddenBy: 'required-element-missing' };
  if (conversion.idPrefix !== undefined) into['id'] = `${conversion.idPrefix}${into['id']}`;
  convertContained(into, { ...context, roles: [] });
  claimProfiles(into, profilesOf(from), conversion.profiles);
  return { resource: into };
}
/** Of several forms a resource has another one. */
export const HAS_ANOTHER_FORM = 'has-another-form';

const formsOf = (from: Json): readonly Conversion[] => CONVERSIONS.get(textOf(from['resourceType']) ?? '') ?? [];
const isFor = (form: Conversion, from: Json): boolean => form.isFor?.(from) !== false;
const conversionOf = (from: Json): Conversion | undefined => formsOf(from).find((form) => isFor(form, from));

function converted(from: Json, conversion: Conversion, context: Context): Draft {
  const into: Draft = { resourceType: conversion.type };
  apply(conversion.rules, from, into, context);
  conversion.complete?.(into, from, context);
  return into;
}

const NONE: Context['contained'] = new Map();
const ALONE: Context = { extension, contained: NONE, placed: new Map(), roles: [] };

function contextOf(from: Json): Context {
  const inside = objectsIn(from['contained']);
  if (inside.length === 0) return ALONE;
  const contained = inside.map((source) => {
    const conversion = conversionOf(source);
    const hidden = conversion?.isToldByCode === true || conversion?.hiddenBy?.(source, ALONE) !== undefined;
    return [`#${source['id']}`, { source, type: hidden ? undefined : conversion?.type }] as const;
  });
  return { ...ALONE, contained: new Map(contained) };
}

/**
 * DSTU2 dom-3: only what is still referred to, now that some references are gone; and dom-1: without a narrative, which R4
 * allows there.
 */
function convertContained(into: Draft, context: Context): void {
  if (context.contained.size === 0) return;
  const made = [...context.contained].flatMap(([id, { source, type }]) => {
    const conversion = type === undefined ? undefined : conversionOf(source);
    if (conversion === undefined) return [];
    const { text: _narrative, ...resource } = converted(source, conversion, context);
    return [{ id, resource }];
  });
  const referred = new Set([into, ...made.map((one) => one.resource)].flatMap(insideOf));
  const used = made.filter(({ id }) => referred.has(id));
  if (used.length > 0) into['contained'] = [...listOf(into['contained']), ...used.map((one) => one.resource)];
}

/** Every `#id` that is referred to. */
const insideOf = (resource: object): readonly string[] =>
  [...JSON.stringify(resource).matchAll(/"reference":"(#[^"]*)"/g)].map(([, id = '']) => id);

/** A claim is kept in Argonaut's words where the resource, as it has become, can stand by it. */
function claimProfiles(into: Draft, claimed: readonly unknown[], profiles: readonly Profile[]): void {
  if (!claimed.some((url) => typeof url === 'string' && US_CORE.test(url))) return;
  const met = profiles.filter((profile) => profile.isMetBy(into)).map((profile) => profile.url);
  if (met.length > 0) into['meta'] = { ...(isObject(into['meta']) ? into['meta'] : {}), profile: met };
}

const profilesOf = (from: Json): readonly unknown[] => (isObject(from['meta']) ? listOf(from['meta']['profile']) : []);

/** US Core, and the vital signs that R4 itself defines. */
const US_CORE =
  /^http:\/\/hl7\.org\/fhir\/(?:us\/core\/StructureDefinition\/|StructureDefinition\/(?:vitalsigns|vitalspanel|resprate|heartrate|oxygensat|bodytemp|bodyheight|headcircum|bodyweight|bmi|bp)(?:\||$))/;
