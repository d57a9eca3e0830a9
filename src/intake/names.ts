import { storedHome } from '../fhir/index.ts';
import { derivedUuid, isUuid, type PracticeId } from '../kernel/index.ts';
import { isCarried } from './carried.ts';
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
  /** This server's own address for R4: what is below it is here. Default: no address is known to be our own. */
  readonly base?: string | undefined;
}

/** Two resources have the same name: to take either would be to guess whose data it is. It is no id. */
export const AMBIGUOUS = '?ambiguous';
export type Named = SourceKey | typeof AMBIGUOUS;

/** By what names the resources of one file may refer to others. */
export interface Names {
  readonly origin: Origin;
  /** By `fullUrl`: known in its own Bundle alone, since the next may have the same for someone else. FHIR R4 §2.36.4 */
  readonly own: Map<string, Named>;
  /** By `Type?identifier=system|value`, which all files of an input share. */
  readonly shared: Map<string, Named>;
}

export const newNames = (origin: Origin, shared: Names['shared'] = new Map()): Names => ({
  origin,
  own: new Map(),
  shared,
});

/** FHIR R4 §2.24.0.1: what else stands in an id, or a fullUrl, is no name, and PostgreSQL could not even be asked for it. */
const POSSIBLE_ID = /^[A-Za-z0-9.-]{1,64}$/;

/** Its id, or the UUID of its fullUrl when it has none; in lower case if it is a UUID. undefined when that is no id. */
export function sourceKeyOf(entry: Entry): SourceKey | undefined {
  const type = textAt(entry.value, 'resourceType');
  const [, uuid] = /^urn:uuid:(.+)$/i.exec(entry.fullUrl ?? '') ?? [];
  const sourceId = textAt(entry.value, 'id') ?? uuid;
  if (type === undefined || sourceId === undefined || !POSSIBLE_ID.test(sourceId)) return undefined;
  return { type, sourceId: isUuid(sourceId) ? sourceId.toLowerCase() : sourceId };
}

/** The id it has here: a UUID is kept, any other becomes the same UUID every time. */
export function finalId({ practiceId, source }: Origin, { type, sourceId }: SourceKey): string {
  if (isUuid(sourceId)) return sourceId;
  const name = `${practiceId}\0${source}\0${type}\0${sourceId}`;
  const known = derived.get(name);
  if (known !== undefined) return known;
  if (derived.size >= MOST_DERIVED) derived.clear();
  const made = derivedUuid(String(practiceId), source, type, sourceId);
  derived.set(name, made);
  return made;
}

/** Most of what refers to something refers to the same patients, practitioners and encounters. */
const derived = new Map<string, string>();
const MOST_DERIVED = 20_000;

/** Remembers what others may call this resource. */
export function learn(names: Names, entry: Entry): void {
  const key = sourceKeyOf(entry);
  if (key === undefined || entry.fault !== undefined) return;
  if (entry.fullUrl !== undefined) {
    for (const name of new Set([entry.fullUrl, plainUuid(entry.fullUrl)])) give(names.own, name, key);
  }
  for (const identifier of REFERRED_BY_IDENTIFIER.includes(key.type) ? listOf(entry.value, 'identifier') : []) {
    const value = textAt(identifier, 'value');
    if (value !== undefined)
      give(names.shared, `${key.type}?identifier=${textAt(identifier, 'system') ?? ''}|${value}`, key);
  }
}

function give(map: Map<string, Named>, name: string, key: SourceKey): void {
  const before = map.get(name);
  const same = before === undefined || (before !== AMBIGUOUS && sameKey(before, key));
  map.set(name, same ? key : AMBIGUOUS);
}

const sameKey = (a: SourceKey, b: SourceKey): boolean => a.type === b.type && a.sourceId === b.sourceId;

/** Conditional references are made to these: every other type would be kept in memory for nothing. */
export const REFERRED_BY_IDENTIFIER = ['Patient', 'Practitioner', 'Organization', 'Location'];

const RELATIVE = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/.*)?$/;

/** What a reference names: something of this input, or any resource by type and id; undefined when that can't be known. */
export function findName(names: Names, reference: string): Named | undefined {
  const found =
    names.own.get(reference) ??
    names.shared.get(reference) ??
    (reference.includes('?') ? names.shared.get(decoded(reference)) : undefined);
  if (found !== undefined) return found;
  const [, type, id] = RELATIVE.exec(reference) ?? [];
  if (type === undefined || id === undefined) return otherwiseWritten(names, reference);
  return { type, sourceId: isUuid(id) ? id.toLowerCase() : id };
}

/** A `fullUrl` in capital letters (RFC 8141 §3.1: `urn:uuid` has none), or with a version of what it names; or an address here. */
function otherwiseWritten({ own, origin }: Names, reference: string): Named | undefined {
  if (/^urn:uuid:/i.test(reference)) return own.get(plainUuid(reference));
  const [, address] = VERSIONED.exec(reference) ?? [];
  return (address === undefined ? undefined : own.get(address)) ?? namedHere(origin, reference);
}

/** FHIR R4 §2.3.0.1: an absolute reference to this server is the relative one. Every id that there is here is a UUID. */
function namedHere({ base }: Origin, reference: string): SourceKey | undefined {
  if (base === undefined || !reference.toLowerCase().startsWith(`${base.toLowerCase()}/`)) return undefined;
  const [, type, id] = RELATIVE.exec(reference.slice(base.length + 1)) ?? [];
  return type === undefined || id === undefined || !isUuid(id) ? undefined : { type, sourceId: id.toLowerCase() };
}
const VERSIONED = /^(https?:.+)\/_history\/[^/]+$/;
const plainUuid = (url: string): string => (/^urn:uuid:/i.test(url) ? url.toLowerCase() : url);

/** The same value with every reference in it as it is to be stored; what is not known, or not kept here, stays as it is. */
export const withFinalReferences = (names: Names, value: unknown): unknown =>
  withReferences(value, (reference) => {
    const key = findName(names, reference);
    if (key === undefined || key === AMBIGUOUS) return reference;
    // What is carried has an id here that depends on what it goes along with.
    if (isCarried(key.type) || storedHome(key.type) === undefined) return reference;
    return `${key.type}/${finalId(names.origin, key)}`;
  });

/** The same value with other texts of references. What has none in it is not copied. */
export function withReferences(value: unknown, rename: (reference: string) => string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => withReferences(item, rename));
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  return isObject(value) ? withRenamedMembers(value, rename) : value;
}

function withRenamedMembers(value: Record<string, unknown>, rename: (reference: string) => string): object {
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(value)) {
    const member = value[name];
    const renamed =
      name === 'reference' && typeof member === 'string' ? rename(member) : withReferences(member, rename);
    if (renamed === member) continue;
    copy ??= { ...value };
    setMember(copy, name, renamed);
  }
  return copy ?? value;
}

/** `__proto__` is a member like any other, and assigned to it would be something else. */
function setMember(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
