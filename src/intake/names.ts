import { storedHome } from '../fhir/index.ts';
import { derivedUuid, isUuid, type PracticeId } from '../kernel/index.ts';
import type { Entry } from './entry.ts';
import { isObject, listOf, textAt } from './json-value.ts';

/** A resource as its source knows it. */
export interface SourceKey {
  readonly type: string;
  readonly sourceId: string;
}

/** Whose ids these are: the same id of another source, or at another practice, is another resource. */
export interface Origin {
  readonly practiceId: PracticeId;
  readonly source: string;
}

/** What the resources of one input are called, and by what names they refer to each other. */
export interface Names {
  readonly origin: Origin;
  /** By `fullUrl`, and by `Type?identifier=system|value`. */
  readonly byName: Map<string, SourceKey>;
}

export const newNames = (origin: Origin): Names => ({ origin, byName: new Map() });

/** Its id, or the UUID of its fullUrl when it has none; in lower case if it is a UUID. */
export function sourceKeyOf(entry: Entry): SourceKey | undefined {
  const type = textAt(entry.value, 'resourceType');
  const [, uuid] = /^urn:uuid:(.+)$/i.exec(entry.fullUrl ?? '') ?? [];
  const sourceId = textAt(entry.value, 'id') ?? uuid;
  if (type === undefined || sourceId === undefined) return undefined;
  return { type, sourceId: isUuid(sourceId) ? sourceId.toLowerCase() : sourceId };
}

/** The id it has here: a UUID is kept, any other becomes the same UUID every time. */
export function finalId({ practiceId, source }: Origin, { type, sourceId }: SourceKey): string {
  return isUuid(sourceId) ? sourceId : derivedUuid(String(practiceId), source, type, sourceId);
}

/** Remembers what others may call this resource. */
export function learn(names: Names, entry: Entry): void {
  const key = sourceKeyOf(entry);
  if (key === undefined) return;
  if (entry.fullUrl !== undefined) names.byName.set(entry.fullUrl, key);
  for (const identifier of REFERRED_BY_IDENTIFIER.includes(key.type) ? listOf(entry.value, 'identifier') : []) {
    const value = textAt(identifier, 'value');
    if (value !== undefined)
      names.byName.set(`${key.type}?identifier=${textAt(identifier, 'system') ?? ''}|${value}`, key);
  }
}

/** Conditional references are made to these: every other type would be kept in memory for nothing. */
const REFERRED_BY_IDENTIFIER = ['Patient', 'Practitioner', 'Organization', 'Location'];

const RELATIVE = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/.*)?$/;

/** What a reference names: something of this input, or any resource by type and id; undefined when that can't be known. */
export function findName(names: Names, reference: string): SourceKey | undefined {
  const found =
    names.byName.get(reference) ?? (reference.includes('?') ? names.byName.get(decoded(reference)) : undefined);
  if (found !== undefined) return found;
  const [, type, id] = RELATIVE.exec(reference) ?? [];
  if (type === undefined || id === undefined) return undefined;
  return { type, sourceId: isUuid(id) ? id.toLowerCase() : id };
}

/** The same value with every reference in it as it is to be stored; what is not known, or not kept here, stays as it is. */
export function withFinalReferences(names: Names, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withFinalReferences(names, item));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, member]) => {
    if (name === 'reference' && typeof member === 'string') return [name, finalReference(names, member)];
    return [name, withFinalReferences(names, member)];
  });
  return Object.fromEntries(members);
}

function finalReference(names: Names, reference: string): string {
  const key = findName(names, reference);
  if (key === undefined || storedHome(key.type) === undefined) return reference;
  return `${key.type}/${finalId(names.origin, key)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
