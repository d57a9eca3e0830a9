import { isObject, nonEmptyText } from '../../../../kernel/index.ts';
import {
  type ConversionContext,
  type ConversionRule,
  copy,
  drop,
  elementConverter,
  type FhirJson,
  opaqueDatatype,
  type ValueConverter,
} from '../conversion-rules.ts';
import { dstu2Type, idPrefix } from '../resource-type.ts';

/** Matches a reference such as `Type/id`, with or without a base URL before it and a version after it. */
const TARGET = /^(https?:\/\/.+\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?)$/;

/**
 * Converts references to the allowed DSTU2 types; no allowed types means any type. If DSTU2 can't refer to the target,
 * only the `display` remains.
 */
export const referenceConverter = (...allowed: readonly string[]): ValueConverter =>
  opaqueDatatype(
    elementConverter({ reference: targetRule(new Set(allowed)), display: copy, type: drop, identifier: drop }),
  );

/** Converts a reference like `referenceConverter`, but returns undefined if only a `display` would remain. */
export const linkConverter = (...allowed: readonly string[]): ValueConverter => {
  const whole = referenceConverter(...allowed);
  return (value, context) => {
    const converted = whole(value, context);
    return isObject(converted) && converted['reference'] !== undefined ? converted : undefined;
  };
};

const targetRule =
  (allowed: ReadonlySet<string>): ConversionRule =>
  (from, _name, into, context) => {
    const text = nonEmptyText(from['reference']);
    const converted = text === undefined ? undefined : convertTarget(text, from, allowed, context);
    if (converted !== undefined) into['reference'] = converted;
  };

function convertTarget(
  text: string,
  from: FhirJson,
  allowed: ReadonlySet<string>,
  context: ConversionContext,
): string | undefined {
  const fits = (type: string | undefined) => type !== undefined && (allowed.size === 0 || allowed.has(type));
  if (text.startsWith('#')) return text === '#' || fits(context.contained.get(text)?.type) ? text : undefined;
  const [, server, name, rest = ''] = TARGET.exec(text) ?? [];
  const asStored = `${name}/${rest}`;
  if (server === undefined && context.referenceTargets.has(asStored)) {
    const dstu2Reference = context.referenceTargets.get(asStored);
    return fits(dstu2Reference?.split('/')[0]) ? dstu2Reference : undefined;
  }
  // If the URL of the reference doesn't contain the type, the type comes from R4's Reference.type.
  const type = name ?? nonEmptyText(from['type']);
  if (type !== undefined && !fits(dstu2Type(type))) return undefined;
  // A reference to a resource on another server is not changed.
  return name === undefined || server !== undefined ? text : `${dstu2Type(name)}/${idPrefix(name)}${rest}`;
}

/** Returns the R4 type that a reference points to; undefined if the type is unknown. */
export function referencedType(value: unknown, context: ConversionContext): string | undefined {
  if (!isObject(value)) return undefined;
  const text = nonEmptyText(value['reference']) ?? '';
  const contained = context.contained.get(text)?.source['resourceType'];
  return nonEmptyText(contained) ?? TARGET.exec(text)?.[2] ?? nonEmptyText(value['type']);
}
