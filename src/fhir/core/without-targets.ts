import { isLosslessNumber } from 'lossless-json';
import { parseJson, printJson } from './json.ts';
import { subsetted } from './subsetted.ts';
import type { Resource } from './version.ts';

/**
 * A Provenance as it is served where some of its targets are not seen: without these, and without what else could name
 * them. FHIR R4 search, `_summary`, has a tag for what is not whole.
 * @param content its JSON text
 * @param unseen places of targets, from 1
 */
export function withoutTargets(content: string, unseen: readonly number[]): string {
  const { resourceType, id, meta, target, ...rest } = parseJson(content) as Resource;
  const kept = Object.entries(rest).filter(([name]) => KEPT.has(name.replace(/^_/, '')));
  const seen = [target].flat().filter((_one, index) => !unseen.includes(index + 1));
  const made = { resourceType, id, meta: subsetted(meta), target: seen, ...Object.fromEntries(kept) };
  return printJson(cleared(made));
}

/** When, where, why and by whom, in whatever version. Not so text, contained, entity, signature and whatever this server does not know. */
const KEPT: ReadonlySet<string> = new Set([
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

/** Without extensions that may name something, and references to what was contained. */
function cleared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleared);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, part]): Entry[] => {
    if (name === 'reference' && String(part).startsWith('#')) return [];
    if (!EXTENSIONS.has(name)) return besideValue(name, cleared(part));
    const plain = [part].flat().filter(isPlainExtension);
    return plain.length === 0 ? [] : [[name, plain]];
  });
  // FHIR R4 §2.6.2: an object is never empty; that something was there is no secret.
  return entries.length === 0 ? MASKED : Object.fromEntries(entries);
}

type Entry = readonly [name: string, value: unknown];

/** Of an element's own extensions nothing need be told when none is left: its value stands beside them. */
const besideValue = (name: string, part: unknown): Entry[] =>
  name.startsWith('_') && part === MASKED ? [] : [[name, part]];

const EXTENSIONS: ReadonlySet<string> = new Set(['extension', 'modifierExtension']);
const MASKED = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }],
};

/** Of a value that names no resource, such as why an element is absent. */
const isPlainExtension = (extension: unknown): boolean =>
  isObject(extension) && Object.keys(extension).every((name) => PLAIN.has(name));
const PLAIN: ReadonlySet<string> = new Set(['url', 'valueCode', 'valueBoolean', 'valueDateTime', 'valueInstant']);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
