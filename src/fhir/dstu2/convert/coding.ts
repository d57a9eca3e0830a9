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

/** The system of the `code` beside it, by its DSTU2 name. */
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

/** From `system|code` of R4 to the one of DSTU2, where that is more than another URI of the system. */
export type Recoding = ReadonlyMap<string, string>;

/** @param table codes of the system `from` by what they are in the system `to` */
export const recodings = (from: string, to: string, table: Readonly<Record<string, string>>) =>
  Object.entries(table).map(([code, other]) => [`${from}|${code}`, `${to}|${other}`] as const);

/** Codings the table does not know are converted as ever. */
export const recoded =
  (table: Recoding): Convert =>
  (value, context) => {
    const made = coding(value, context);
    const found = isObject(value) ? table.get(`${value['system']}|${value['code']}`) : undefined;
    if (!isObject(made) || found === undefined) return made;
    const bar = found.lastIndexOf('|');
    return { ...made, system: found.slice(0, bar), code: found.slice(bar + 1) };
  };

export const codingsOf = (value: unknown): readonly Json[] => (isObject(value) ? objectsIn(value['coding']) : []);

/** The code that a CodeableConcept has in a system. */
export const codeIn = (value: unknown, system: string): string | undefined =>
  textOf(codingsOf(value).find((one) => one['system'] === system)?.['code']);

export const hasCoding = (value: unknown, system: string, code: string): boolean =>
  codingsOf(value).some((one) => one['system'] === system && one['code'] === code);

/** What a person would read in it. */
export function wordsOf(value: Json): string | undefined {
  const codings = codingsOf(value);
  const display = codings.map((one) => textOf(one['display'])).find((text) => text !== undefined);
  return textOf(value['text']) ?? display ?? textOf(codings[0]?.['code']);
}

/** A binding that is required in DSTU2: where no coding is allowed there, words take their place. */
export const onlyCodings =
  (each: Convert): Convert =>
  (value, context) => {
    const made = conceptOf(each)(value, context);
    const whole = isObject(made) ? made : {};
    const words = isObject(value) ? wordsOf(value) : undefined;
    if (words === undefined || whole['coding'] !== undefined) return made;
    return { ...whole, text: words };
  };

/** A status that DSTU2 has as a code: whether the resource states one that the table can't read, in any form. */
export function isUnclear(value: unknown, system: string, table: Codes): boolean {
  const isStated = isObject(value) ? 'coding' in value || 'text' in value : value !== undefined;
  return isStated && table.get(codeIn(value, system) ?? '') === undefined;
}
