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

/** `Type/id`, at the end of an address too, with or without a version. */
const TARGET = /^(https?:\/\/.+\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?)$/;

/**
 * A reference to one of the allowed types (of DSTU2; none named: to any). What DSTU2 can't point to there is left as its
 * `display`, which may stand alone.
 */
export const reference = (...allowed: readonly string[]): Convert =>
  datatype(shape({ reference: target(new Set(allowed)), display: kept, type: dropped, identifier: dropped }));

/** The same, and nothing where it would have a `display` alone. */
export const link = (...allowed: readonly string[]): Convert => {
  const whole = reference(...allowed);
  return (value, context) => {
    const made = whole(value, context);
    return isObject(made) && made['reference'] !== undefined ? made : undefined;
  };
};

const target =
  (allowed: ReadonlySet<string>): Rule =>
  (from, _name, into, context) => {
    const text = textOf(from['reference']);
    const written = text === undefined ? undefined : targetOf(text, from, allowed, context);
    if (written !== undefined) into['reference'] = written;
  };

function targetOf(text: string, from: Json, allowed: ReadonlySet<string>, context: Context): string | undefined {
  const fits = (type: string | undefined) => type !== undefined && (allowed.size === 0 || allowed.has(type));
  if (text.startsWith('#')) return text === '#' || fits(context.contained.get(text)?.type) ? text : undefined;
  const [, server, name, rest = ''] = TARGET.exec(text) ?? [];
  const asStored = `${name}/${rest}`;
  if (server === undefined && context.placed.has(asStored)) {
    const placed = context.placed.get(asStored);
    return fits(placed?.split('/')[0]) ? placed : undefined;
  }
  // What the address does not tell, R4's Reference.type may.
  const type = name ?? textOf(from['type']);
  if (type !== undefined && !fits(dstu2Type(type))) return undefined;
  // Another server's resource is called there what it is called there.
  return name === undefined || server !== undefined ? text : `${dstu2Type(name)}/${idPrefix(name)}${rest}`;
}

/** The type that a reference points to, as stored. */
export function targetType(value: unknown, context: Context): string | undefined {
  if (!isObject(value)) return undefined;
  const text = textOf(value['reference']) ?? '';
  const contained = context.contained.get(text)?.source['resourceType'];
  return textOf(contained) ?? TARGET.exec(text)?.[2] ?? textOf(value['type']);
}
