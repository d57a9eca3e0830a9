import { allergyIntolerance } from './allergy-intolerance.ts';
import { condition } from './condition.ts';
import type { Conversion, Profile } from './conversion.ts';
import { apply, type Context, type Draft, isObject, type Json, listOf, objectsIn, textOf } from './element.ts';
import { extension } from './extension.ts';
import { medication } from './medication.ts';
import { medicationOrder } from './medication-order.ts';
import { observation } from './observation.ts';
import { patient } from './patient.ts';

/** By stored type. */
const CONVERSIONS: ReadonlyMap<string, Conversion> = new Map([
  ['Patient', patient],
  ['Observation', observation],
  ['Condition', condition],
  ['AllergyIntolerance', allergyIntolerance],
  ['MedicationRequest', medicationOrder],
  ['Medication', medication],
]);
export const CONVERTED_TYPES: readonly string[] = [...CONVERSIONS.keys()];
export const ARGONAUT_PROFILES: readonly string[] = [...CONVERSIONS.values()].flatMap(({ profiles }) =>
  profiles.map(({ url }) => url),
);

export type Converted = { readonly resource: Json } | { readonly hiddenBy: string };

/** @returns undefined when DSTU2 has no form of the type */
export function convertResource(from: Json): Converted | undefined {
  const conversion = conversionOf(from);
  if (conversion === undefined) return undefined;
  const context: Context = { extension, contained: containedIn(from) };
  const hiddenBy = conversion.hiddenBy?.(from, context);
  if (hiddenBy !== undefined) return { hiddenBy };
  const into = converted(from, conversion, context);
  if (!conversion.required.every((name) => into[name] !== undefined)) return { hiddenBy: 'required-element-missing' };
  convertContained(into, context);
  claimProfiles(into, profilesOf(from), conversion.profiles);
  return { resource: into };
}

const conversionOf = (from: Json): Conversion | undefined => CONVERSIONS.get(textOf(from['resourceType']) ?? '');

function converted(from: Json, conversion: Conversion, context: Context): Draft {
  const into: Draft = { resourceType: conversion.type };
  apply(conversion.rules, from, into, context);
  conversion.complete?.(into, from);
  return into;
}

function containedIn(from: Json): Context['contained'] {
  const inside = objectsIn(from['contained']);
  if (inside.length === 0) return NONE;
  const blank: Context = { extension, contained: NONE };
  return new Map(
    inside.map((source) => {
      const conversion = conversionOf(source);
      const hidden = conversion?.isToldByCode === true || conversion?.hiddenBy?.(source, blank) !== undefined;
      return [`#${source['id']}`, { source, type: hidden ? undefined : conversion?.type }];
    }),
  );
}
const NONE: Context['contained'] = new Map();

/** DSTU2 dom-3: only what is still referred to, now that some references are gone. */
function convertContained(into: Draft, context: Context): void {
  if (context.contained.size === 0) return;
  const made = [...context.contained].flatMap(([id, { source, type }]) => {
    const conversion = type === undefined ? undefined : conversionOf(source);
    return conversion === undefined ? [] : [{ id, resource: converted(source, conversion, context) }];
  });
  const texts = [into, ...made.map((one) => one.resource)].map((one) => JSON.stringify(one));
  const used = made.filter(({ id }) => texts.some((text) => text.includes(`"reference":"${id}"`)));
  if (used.length > 0) into['contained'] = [...listOf(into['contained']), ...used.map((one) => one.resource)];
}

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
