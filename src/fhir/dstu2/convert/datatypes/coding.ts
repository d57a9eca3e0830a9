import { isObject, nonEmptyText, objectsIn } from '../../../../kernel/index.ts';
import {
  type CodeMap,
  type ConversionRule,
  copy,
  copyValue,
  elementConverter,
  type FhirJson,
  map,
  type ValueConverter,
} from '../conversion-rules.ts';
import { dstu2System } from './code-system.ts';

export const LOINC = 'http://loinc.org';
export const UCUM = 'http://unitsofmeasure.org';

/** Converts Coding.system to its DSTU2 URI, which can depend on Coding.code. */
export const convertSystem: ConversionRule = (from, name, into, context) => {
  const system = nonEmptyText(from[name]);
  const own = system === undefined ? from[name] : dstu2System(system, nonEmptyText(from['code']));
  copyValue(own, from, name, name, into, context);
};

export const convertCoding: ValueConverter = elementConverter({
  system: convertSystem,
  version: copy,
  code: copy,
  display: copy,
  userSelected: copy,
});

export const conceptConverter = (each: ValueConverter): ValueConverter =>
  elementConverter({ coding: map(each), text: copy });
export const convertConcept: ValueConverter = conceptConverter(convertCoding);

/**
 * Maps R4 `system|code` to DSTU2 `system|code`, for codings whose code changes too and not only the URI of the system.
 */
export type CodingMap = ReadonlyMap<string, string>;

/**
 * Returns entries of a map from R4 codings to DSTU2 codings.
 * @param from R4 code system
 * @param to DSTU2 code system
 * @param table DSTU2 code by R4 code
 */
export const codingMapEntries = (from: string, to: string, table: Readonly<Record<string, string>>) =>
  Object.entries(table).map(([code, other]) => [`${from}|${code}`, `${to}|${other}`] as const);

/** Builds a converter of codings from a map. For a coding that isn't in the map, only the system is converted. */
export const codingConverter =
  (table: CodingMap): ValueConverter =>
  (value, context) => {
    const converted = convertCoding(value, context);
    const found = isObject(value) ? table.get(`${value['system']}|${value['code']}`) : undefined;
    if (!isObject(converted) || found === undefined) return converted;
    const separator = found.lastIndexOf('|');
    return { ...converted, system: found.slice(0, separator), code: found.slice(separator + 1) };
  };

export const codingsIn = (value: unknown): readonly FhirJson[] => (isObject(value) ? objectsIn(value['coding']) : []);

/** Returns the code that a CodeableConcept has in the given code system; undefined if it has none. */
export const findCode = (value: unknown, system: string): string | undefined =>
  nonEmptyText(codingsIn(value).find((one) => one['system'] === system)?.['code']);

export const hasCoding = (value: unknown, system: string, code: string): boolean =>
  codingsIn(value).some((one) => one['system'] === system && one['code'] === code);

/** Returns the text to display for a CodeableConcept: its own text, else a display, else its first code. */
export function conceptText(value: FhirJson): string | undefined {
  const codings = codingsIn(value);
  const display = codings.map((one) => nonEmptyText(one['display'])).find((text) => text !== undefined);
  return nonEmptyText(value['text']) ?? display ?? nonEmptyText(codings[0]?.['code']);
}

/**
 * Converts a CodeableConcept that has a required binding in DSTU2. If none of its codings is allowed there, it keeps
 * only its text.
 */
export const requiredBindingConverter =
  (each: ValueConverter): ValueConverter =>
  (value, context) => {
    const converted = conceptConverter(each)(value, context);
    const whole = isObject(converted) ? converted : {};
    const words = isObject(value) ? conceptText(value) : undefined;
    if (words === undefined || whole['coding'] !== undefined) return converted;
    return { ...whole, text: words };
  };

/**
 * Whether a code or CodeableConcept contains a status that the table can't translate, such as one that consists only of
 * text.
 */
export function hasUnmappedStatus(value: unknown, system: string, table: CodeMap): boolean {
  const isStated = isObject(value) ? 'coding' in value || 'text' in value : value !== undefined;
  return isStated && table.get(findCode(value, system) ?? '') === undefined;
}
