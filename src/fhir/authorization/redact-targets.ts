import { isObject } from '../../kernel/index.ts';
import type { Resource } from '../model/fhir-version.ts';
import { parseJson, printJson } from '../model/json.ts';
import { MASKED_VALUE } from '../model/masked-value.ts';
import { withSubsettedTag } from '../model/subsetted-tag.ts';

/**
 * Removes those targets of a Provenance that the client may not see, and all elements that could identify them. The
 * result is tagged as incomplete (FHIR R4 search §3.1.1.5.8, `SUBSETTED`).
 * @param content JSON text of the Provenance
 * @param hidden positions of the targets to remove, counted from 1
 * @returns JSON text
 */
export function redactTargets(content: string, hidden: readonly number[]): string {
  const { resourceType, id, meta, target, ...rest } = parseJson(content) as Resource;
  const others = Object.entries(rest).filter(([name]) => SAFE_ELEMENTS.has(name.replace(/^_/, '')));
  const visible = [target].flat().filter((_one, index) => !hidden.includes(index + 1));
  const redacted = { resourceType, id, meta: withSubsettedTag(meta), target: visible, ...Object.fromEntries(others) };
  return printJson(removeIdentifying(redacted));
}

/**
 * Provenance elements that remain after redaction, from any FHIR version. They say when, where, why and by whom the
 * targets were created or changed. The other elements could identify a hidden target: text, contained resources,
 * entity, signature, and elements that this server doesn't know.
 */
const SAFE_ELEMENTS: ReadonlySet<string> = new Set([
  'implicitRules',
  'language',
  'occurredPeriod',
  'occurredDateTime',
  'period',
  'recorded',
  'policy',
  'location',
  'reason',
  'activity',
  'agent',
]);

/**
 * Removes extensions that could identify a resource. Also removes references to contained resources, because the
 * contained resources themselves are removed.
 */
function removeIdentifying(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(removeIdentifying);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, part]): RedactedElement[] => {
    if (name === 'reference' && String(part).startsWith('#')) return [];
    if (!EXTENSION_ELEMENTS.has(name)) return unlessMasked(name, removeIdentifying(part));
    const plain = [part].flat().filter(isSafeExtension);
    return plain.length === 0 ? [] : [[name, plain]];
  });
  // An object must not be empty (FHIR R4 §2.6.2). So an emptied object is replaced by one with the data-absent-reason
  // `masked`. It isn't confidential that there was a value.
  return entries.length === 0 ? MASKED_VALUE : Object.fromEntries(entries);
}

type RedactedElement = readonly [name: string, value: unknown];

/**
 * Drops the property with the extensions of a primitive, such as `_recorded`, if all of these extensions were removed.
 * The value is in the property `recorded` and remains.
 */
const unlessMasked = (name: string, part: unknown): RedactedElement[] =>
  name.startsWith('_') && part === MASKED_VALUE ? [] : [[name, part]];

const EXTENSION_ELEMENTS: ReadonlySet<string> = new Set(['extension', 'modifierExtension']);

/**
 * True if the value of an extension can't identify a resource. An example is the code of data-absent-reason, which says
 * why an element has no value.
 */
const isSafeExtension = (extension: unknown): boolean =>
  isObject(extension) && Object.keys(extension).every((name) => SAFE_EXTENSION_PROPERTIES.has(name));
const SAFE_EXTENSION_PROPERTIES: ReadonlySet<string> = new Set([
  'url',
  'valueCode',
  'valueBoolean',
  'valueDateTime',
  'valueInstant',
]);
