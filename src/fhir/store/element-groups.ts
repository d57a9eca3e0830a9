import type { Condition, PartTest } from '../core/condition.ts';
import type { Resource } from '../core/version.ts';
import { codesOf, elementsAt, isObject } from './elements.ts';
import { quantitySql } from './extra.ts';
import { quantitiesOf } from './quantity.ts';
import { allOf, anyOf, type Bind, type Subject } from './sql.ts';

/** An element that repeats, and the parts of it that are asked for together. FHIR R4 search §3.1.1.4.14 */
export interface GroupIndex {
  /** Path of the element. */
  readonly group: string;
  readonly parts: readonly GroupPart[];
}
export interface GroupPart {
  readonly kind: PartTest['kind'];
  /** From the element. */
  readonly paths: readonly string[];
  /** For elements of type `code`: the system their codes come from. */
  readonly system?: string;
}

/**
 * Of each element that has all of the parts, their values: `[[['http://loinc.org', '8480-6']], [['120', '120', …]]]`. Codes
 * and ids are in lower case, as they are compared.
 */
export function groupsOf(resource: Resource, { group, parts }: GroupIndex): readonly (readonly unknown[])[] {
  return elementsAt(resource, group)
    .map((element) => parts.map((part) => part.paths.flatMap((path) => valuesAt(element, path, part))))
    .filter((values) => values.every((of) => of.length > 0));
}

function valuesAt(element: unknown, path: string, { kind, system }: GroupPart): readonly unknown[] {
  const found = elementsAt(element, path);
  if (kind === 'quantity') return found.flatMap(quantitiesOf);
  if (kind === 'reference') return found.flatMap(referencesOf);
  const codes = found.flatMap((one) => codesOf(one, system)).map((one) => [one.system ?? null, lower(one.code)]);
  // A system that is implied may be asked for as none.
  return system === undefined
    ? codes
    : codes.flatMap(([own, code]) => [
        [own, code],
        [null, code],
      ]);
}

/** `[type, id]` of what is within the record or beside it. */
function referencesOf(element: unknown): readonly (readonly string[])[] {
  const text = isObject(element) ? element['reference'] : undefined;
  const [type = '', id = '', ...rest] = typeof text === 'string' ? text.split('/') : [];
  return id === '' || rest.length > 0 ? [] : [[type, id.toLowerCase()]];
}

const lower = (code: string | undefined): string | null => code?.toLowerCase() ?? null;

/** Asked only of rows that are found otherwise. */
export function groupSql({ alias, bind }: Subject, { index, values }: Extract<Condition, { kind: 'group' }>): string {
  const tests = values.map((parts) => allOf(parts.map((part, at) => partSql(part, at, bind))));
  return `exists (select from jsonb_array_elements(${alias}.extra -> ${bind(index)}) as parts where ${anyOf(tests)})`;
}

function partSql(part: PartTest, at: number, bind: Bind): string {
  const of = `jsonb_array_elements(parts -> ${at}) as value`;
  return `exists (select from ${of} where ${part.kind === 'quantity' ? quantitySql(part.value, bind) : textsSql(part, bind)})`;
}

/** `value` is `[system, code]` or `[type, id]`. */
function textsSql(part: Exclude<PartTest, { kind: 'quantity' }>, bind: Bind): string {
  const [of, text] = part.kind === 'token' ? [part.value.system, part.value.code] : [part.value.type, part.value.id];
  const tests = text === undefined ? [] : [`value ->> 1 = ${bind(text.toLowerCase())}`];
  if (of !== undefined) tests.push(of === '' ? 'value ->> 0 is null' : `value ->> 0 = ${bind(of)}`);
  return allOf(tests);
}
