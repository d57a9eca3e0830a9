import { dstu2System } from './code-system.ts';
import {
  type Codes,
  type Convert,
  isObject,
  type Json,
  keep,
  kept,
  objectsIn,
  of,
  type Rule,
  shape,
  textOf,
} from './element.ts';

export const LOINC = 'http://loinc.org';
export const UCUM = 'http://unitsofmeasure.org';

/** Converts `system` to its DSTU2 URI, which can depend on the `code` in the same element. */
export const systemOfCode: Rule = (from, name, into, context) => {
  const system = textOf(from[name]);
  const own = system === undefined ? from[name] : dstu2System(system, textOf(from['code']));
  keep(own, from, name, name, into, context);
};

export const coding: Convert = shape({
  system: systemOfCode,
  version: kept,
  code: kept,
  display: kept,
  userSelected: kept,
});

export const conceptOf = (each: Convert): Convert => shape({ coding: of(each), text: kept });
export const concept: Convert = conceptOf(coding);

/**
 * Maps `system|code` of R4 to `system|code` of DSTU2, for codes whose change is more than another URI of the system.
 */
export type Recoding = ReadonlyMap<string, string>;

/** @param table codes in the system `from`, each with its code in the system `to` */
export const recodings = (from: string, to: string, table: Readonly<Record<string, string>>) =>
  Object.entries(table).map(([code, other]) => [`${from}|${code}`, `${to}|${other}`] as const);

/** Converts a coding by the table. Codings that aren't in the table are converted by their system only. */
export const recoded =
  (table: Recoding): Convert =>
  (value, context) => {
    const converted = coding(value, context);
    const found = isObject(value) ? table.get(`${value['system']}|${value['code']}`) : undefined;
    if (!isObject(converted) || found === undefined) return converted;
    const separator = found.lastIndexOf('|');
    return { ...converted, system: found.slice(0, separator), code: found.slice(separator + 1) };
  };

export const codingsOf = (value: unknown): readonly Json[] => (isObject(value) ? objectsIn(value['coding']) : []);

/** Returns the code of a CodeableConcept in the given system, or undefined. */
export const codeIn = (value: unknown, system: string): string | undefined =>
  textOf(codingsOf(value).find((one) => one['system'] === system)?.['code']);

export const hasCoding = (value: unknown, system: string, code: string): boolean =>
  codingsOf(value).some((one) => one['system'] === system && one['code'] === code);

/** Text to display for a CodeableConcept: its text, else a display, else its first code. */
export function wordsOf(value: Json): string | undefined {
  const codings = codingsOf(value);
  const display = codings.map((one) => textOf(one['display'])).find((text) => text !== undefined);
  return textOf(value['text']) ?? display ?? textOf(codings[0]?.['code']);
}

/** For bindings that are required in DSTU2: if no coding is allowed there, the concept keeps only its text. */
export const onlyCodings =
  (each: Convert): Convert =>
  (value, context) => {
    const converted = conceptOf(each)(value, context);
    const whole = isObject(converted) ? converted : {};
    const words = isObject(value) ? wordsOf(value) : undefined;
    if (words === undefined || whole['coding'] !== undefined) return converted;
    return { ...whole, text: words };
  };

/** Whether a status is present that the table can't translate, in any form (including one with only a text). */
export function isUnclear(value: unknown, system: string, table: Codes): boolean {
  const isStated = isObject(value) ? 'coding' in value || 'text' in value : value !== undefined;
  return isStated && table.get(codeIn(value, system) ?? '') === undefined;
}
