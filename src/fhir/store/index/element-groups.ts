import { isObject } from '../../../kernel/index.ts';
import type { ElementPartTest } from '../../model/condition.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { elementsAt, extractCodes } from './elements.ts';
import { extractQuantities } from './quantities.ts';

/**
 * Index for a composite search parameter over a repeating element, such as `Observation.component`. One repetition must
 * match all components of the parameter (FHIR R4 search §3.1.1.4.14).
 */
export interface ElementGroupIndex {
  /** Element path of the repeating element. */
  readonly group: string;
  readonly parts: readonly ElementGroupComponent[];
}
export interface ElementGroupComponent {
  readonly kind: ElementPartTest['kind'];
  /** Element paths of the component's values, starting at the repeating element. */
  readonly paths: readonly string[];
  /**
   * Code system that the element implies. Set for elements of the FHIR type `code`, because their values don't name a
   * system.
   */
  readonly system?: string;
}

/**
 * Returns the component values of a composite parameter: one array for each repetition that has values for all
 * components, with one array of values for each component. For example, a repetition with a code and a quantity gives
 * `[[['http://loinc.org', '8480-6']], [['120', '120', …]]]`. Codes and ids are lowercased, because searches ignore
 * their case.
 */
export function extractElementGroups(
  resource: Resource,
  { group, parts }: ElementGroupIndex,
): readonly (readonly unknown[])[] {
  return elementsAt(resource, group)
    .map((element) =>
      parts.map((component) => component.paths.flatMap((path) => extractPartValues(element, path, component))),
    )
    .filter((values) => values.every((of) => of.length > 0));
}

function extractPartValues(
  element: unknown,
  path: string,
  { kind, system }: ElementGroupComponent,
): readonly unknown[] {
  const found = elementsAt(element, path);
  if (kind === 'quantity') return found.flatMap(extractQuantities);
  if (kind === 'reference') return found.flatMap(extractReferencePairs);
  const codes = found
    .flatMap((one) => extractCodes(one, system))
    .map((one) => [one.system ?? null, lowercaseCode(one.code)]);
  // If the element implies a code system, the code is stored with the system and without it. A search for the code
  // alone then finds it too.
  return system === undefined
    ? codes
    : codes.flatMap(([own, code]) => [
        [own, code],
        [null, code],
      ]);
}

/**
 * Returns a reference as `[type, id]`, or as `[null, text]` if it isn't of the form `Type/id`, such as an absolute URL.
 */
function extractReferencePairs(element: unknown): readonly (readonly (string | null)[])[] {
  const text = isObject(element) ? element['reference'] : undefined;
  if (typeof text !== 'string') return [];
  const [type = '', id = '', ...rest] = text.split('/');
  return [id === '' || rest.length > 0 ? [null, text.toLowerCase()] : [type, id.toLowerCase()]];
}

const lowercaseCode = (code: string | undefined): string | null => code?.toLowerCase() ?? null;
