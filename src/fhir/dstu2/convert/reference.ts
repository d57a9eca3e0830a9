import {
  type Context,
  type Convert,
  datatype,
  dropped,
  isObject,
  type Json,
  kept,
  type Rule,
  shape,
  textOf,
} from './element.ts';
import { dstu2Type, idPrefix } from './resource-type.ts';

/** Matches `Type/id`, also at the end of a URL, with or without a version. */
const TARGET = /^(https?:\/\/.+\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?)$/;

/**
 * Converts a reference to one of the allowed DSTU2 types, or to any type if none is given. If DSTU2 can't refer to the
 * target, only the `display` remains.
 */
export const reference = (...allowed: readonly string[]): Convert =>
  datatype(shape({ reference: targetRule(new Set(allowed)), display: kept, type: dropped, identifier: dropped }));

/** Like `reference`, but returns undefined instead of a reference with only a `display`. */
export const link = (...allowed: readonly string[]): Convert => {
  const whole = reference(...allowed);
  return (value, context) => {
    const converted = whole(value, context);
    return isObject(converted) && converted['reference'] !== undefined ? converted : undefined;
  };
};

const targetRule =
  (allowed: ReadonlySet<string>): Rule =>
  (from, _name, into, context) => {
    const text = textOf(from['reference']);
    const converted = text === undefined ? undefined : convertTarget(text, from, allowed, context);
    if (converted !== undefined) into['reference'] = converted;
  };

function convertTarget(text: string, from: Json, allowed: ReadonlySet<string>, context: Context): string | undefined {
  const fits = (type: string | undefined) => type !== undefined && (allowed.size === 0 || allowed.has(type));
  if (text.startsWith('#')) return text === '#' || fits(context.contained.get(text)?.type) ? text : undefined;
  const [, server, name, rest = ''] = TARGET.exec(text) ?? [];
  const asStored = `${name}/${rest}`;
  if (server === undefined && context.placed.has(asStored)) {
    const dstu2Reference = context.placed.get(asStored);
    return fits(dstu2Reference?.split('/')[0]) ? dstu2Reference : undefined;
  }
  // If the URL does not show the type, R4's Reference.type may.
  const type = name ?? textOf(from['type']);
  if (type !== undefined && !fits(dstu2Type(type))) return undefined;
  // The address of a resource on another server is not changed.
  return name === undefined || server !== undefined ? text : `${dstu2Type(name)}/${idPrefix(name)}${rest}`;
}

/** Returns the stored type that a reference points to, or undefined if it is unknown. */
export function targetType(value: unknown, context: Context): string | undefined {
  if (!isObject(value)) return undefined;
  const text = textOf(value['reference']) ?? '';
  const contained = context.contained.get(text)?.source['resourceType'];
  return textOf(contained) ?? TARGET.exec(text)?.[2] ?? textOf(value['type']);
}
