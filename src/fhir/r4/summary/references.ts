import { isLosslessNumber } from 'lossless-json';
import type { ReferenceValue } from '../../core/condition.ts';
import { subsetted } from '../../core/subsetted.ts';
import type { Resource } from '../../core/version.ts';

/** Who did it, where, with what and on what: types that belong beside what refers to them. */
const BESIDE: readonly string[] = [
  'Device',
  'Goal',
  'Location',
  'Medication',
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'RelatedPerson',
  'Specimen',
];
/** Parts of a panel or a report are results themselves. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  DiagnosticReport: ['result'],
  Observation: ['hasMember'],
};

/** What belongs in the document beside a resource. Orders, visits, notes and what a result was derived from do not. */
export function referredTo(resource: Resource): readonly ReferenceValue[] {
  const parts = PARTS[resource.resourceType] ?? [];
  return Object.entries(resource).flatMap(([name, value]) =>
    referencesIn(value).flatMap((reference) => {
      const named = localOf(reference, '');
      if (named === undefined) return [];
      const belongs = BESIDE.includes(named.type) || (named.type === 'Observation' && parts.includes(name));
      return belongs ? [named] : [];
    }),
  );
}

interface Local {
  readonly type: string;
  readonly id: string;
}

export const keyOf = ({ type, id }: Local): string => `${type}/${id.toLowerCase()}`;

const LOCAL = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/;

/** `Type/id`, or the same below `base`; undefined: it leads elsewhere, or into the resource itself. */
function localOf(reference: string, base: string): Local | undefined {
  const text = base !== '' && reference.startsWith(`${base}/`) ? reference.slice(base.length + 1) : reference;
  const [, type, id] = LOCAL.exec(text) ?? [];
  return type === undefined || id === undefined ? undefined : { type, id };
}

function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    name === 'reference' && typeof part === 'string' ? [part] : referencesIn(part),
  );
}

/**
 * A resource whose references all lead somewhere within the document: one to what is not there keeps its words and loses
 * its address, and the resource is tagged as one that is not whole. FHIR R4 §3.3.1
 * @param base of this API, absolute
 * @param keys of what is in the document: `keyOf`
 */
export function withinDocument(resource: Resource, base: string, keys: ReadonlySet<string>): Resource {
  let cut = false;
  const cutFrom = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(cutFrom);
    if (!isObject(value)) return value;
    const inner = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, cutFrom(part)]));
    const local = typeof value['reference'] === 'string' ? localOf(value['reference'], base) : undefined;
    if (local === undefined || keys.has(keyOf(local))) return inner;
    cut = true;
    const { reference: _, ...words } = inner;
    return 'display' in words || 'identifier' in words ? words : { ...words, display: ABSENT };
  };
  const within = cutFrom(resource) as Resource;
  return cut ? { ...within, meta: subsetted(within['meta']) } : resource;
}

const ABSENT = 'Not part of this summary';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !isLosslessNumber(value);
