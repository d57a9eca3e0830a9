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

/** Matches `Type/id`, also at the end of a URL, with or without a version. */
const TARGET = /^(https?:\/\/.+\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?)$/;

/**
 * Converts a reference to one of the allowed DSTU2 types, or to any type if none is given. If DSTU2 can't refer to the
 * target, only the `display` remains.
 */
export const referenceConverter = (...allowed: readonly string[]): ValueConverter =>
  opaqueDatatype(
    elementConverter({ reference: targetRule(new Set(allowed)), display: copy, type: drop, identifier: drop }),
  );

/** Like `reference`, but returns undefined instead of a reference with only a `display`. */
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
  // If the URL does not show the type, R4's Reference.type may.
  const type = name ?? nonEmptyText(from['type']);
  if (type !== undefined && !fits(dstu2Type(type))) return undefined;
  // The address of a resource on another server is not changed.
  return name === undefined || server !== undefined ? text : `${dstu2Type(name)}/${idPrefix(name)}${rest}`;
}

/** Returns the stored type that a reference points to, or undefined if it is unknown. */
export function referencedType(value: unknown, context: ConversionContext): string | undefined {
  if (!isObject(value)) return undefined;
  const text = nonEmptyText(value['reference']) ?? '';
  const contained = context.contained.get(text)?.source['resourceType'];
  return nonEmptyText(contained) ?? TARGET.exec(text)?.[2] ?? nonEmptyText(value['type']);
}
