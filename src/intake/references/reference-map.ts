import { getStoredCompartment } from '../../fhir/index.ts';
import { derivedUuid, isObject, isUuid, itemsAt, type PracticeId, textAt } from '../../kernel/index.ts';
import type { ImportEntry } from '../import/entry.ts';
import { isInlinedType } from './inlined.ts';

/** Key of a resource at its source. */
export interface SourceResourceKey {
  readonly type: string;
  readonly sourceId: string;
}

/** Source and practice that ids belong to. The same id at another source or practice means another resource. */
export interface SourceOrigin {
  readonly practiceId: PracticeId;
  readonly source: string;
  /**
   * This server's base URL for R4. References below it lead to resources here. Default: no URL counts as this server's
   * own.
   */
  readonly base?: string | undefined;
}

/**
 * Marks a name that two resources share. Choosing one of them would be a guess about whose data it is. The value can't
 * be an id.
 */
export const AMBIGUOUS = '?ambiguous';
export type ResolvedName = SourceResourceKey | typeof AMBIGUOUS;

/** Names by which the resources of one file can be referenced. */
export interface ReferenceMap {
  readonly origin: SourceOrigin;
  /**
   * By `fullUrl`. A fullUrl is only known within its Bundle, since the next Bundle may use it for something else. FHIR
   * R4 §2.36.4.
   */
  readonly own: Map<string, ResolvedName>;
  /** By `Type?identifier=system|value`, shared by all files of an import. */
  readonly shared: Map<string, ResolvedName>;
}

export const createReferenceMap = (origin: SourceOrigin, shared: ReferenceMap['shared'] = new Map()): ReferenceMap => ({
  origin,
  own: new Map(),
  shared,
});

/** FHIR R4 §2.24.0.1: anything else isn't an id, and PostgreSQL doesn't accept some of it as a parameter. */
const VALID_ID = /^[A-Za-z0-9.-]{1,64}$/;

/**
 * Key from the resource's id or, without one, from the UUID of its fullUrl. A UUID is in lowercase. undefined when
 * neither is a valid id.
 */
export function toSourceKey(entry: ImportEntry): SourceResourceKey | undefined {
  const type = textAt(entry.value, 'resourceType');
  const [, uuid] = /^urn:uuid:(.+)$/i.exec(entry.fullUrl ?? '') ?? [];
  const sourceId = textAt(entry.value, 'id') ?? uuid;
  if (type === undefined || sourceId === undefined || !VALID_ID.test(sourceId)) return undefined;
  return { type, sourceId: isUuid(sourceId) ? sourceId.toLowerCase() : sourceId };
}

/**
 * Id under which this server stores the resource: a UUID is kept, and any other id always becomes the same derived
 * UUID.
 */
export function toStoredId({ practiceId, source }: SourceOrigin, { type, sourceId }: SourceResourceKey): string {
  if (isUuid(sourceId)) return sourceId;
  const name = `${practiceId}\0${source}\0${type}\0${sourceId}`;
  const cached = derivedIds.get(name);
  if (cached !== undefined) return cached;
  if (derivedIds.size >= MAX_DERIVED_IDS) derivedIds.clear();
  const id = derivedUuid(String(practiceId), source, type, sourceId);
  derivedIds.set(name, id);
  return id;
}

/** Caches derived ids, since most references lead to the same patients, practitioners and encounters. */
const derivedIds = new Map<string, string>();
const MAX_DERIVED_IDS = 20_000;

/** Registers the names by which other resources may refer to this one. */
export function registerNames(referenceMap: ReferenceMap, entry: ImportEntry): void {
  const key = toSourceKey(entry);
  if (key === undefined || entry.fault !== undefined) return;
  if (entry.fullUrl !== undefined) {
    for (const name of new Set([entry.fullUrl, normalizeUuidUrn(entry.fullUrl)])) setName(referenceMap.own, name, key);
  }
  for (const identifier of TYPES_REFERRED_BY_IDENTIFIER.includes(key.type) ? itemsAt(entry.value, 'identifier') : []) {
    const value = textAt(identifier, 'value');
    if (value !== undefined)
      setName(referenceMap.shared, `${key.type}?identifier=${textAt(identifier, 'system') ?? ''}|${value}`, key);
  }
}

function setName(map: Map<string, ResolvedName>, name: string, key: SourceResourceKey): void {
  const existing = map.get(name);
  const same = existing === undefined || (existing !== AMBIGUOUS && sameKey(existing, key));
  map.set(name, same ? key : AMBIGUOUS);
}

const sameKey = (a: SourceResourceKey, b: SourceResourceKey): boolean => a.type === b.type && a.sourceId === b.sourceId;

/** Types that conditional references usually refer to. Registering other types would only use memory. */
export const TYPES_REFERRED_BY_IDENTIFIER = ['Patient', 'Practitioner', 'Organization', 'Location'];

const RELATIVE_REFERENCE = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/.*)?$/;

/**
 * Resolves a reference to a resource of this input, or to any resource by type and id; undefined when that isn't
 * possible.
 */
export function resolveName(referenceMap: ReferenceMap, reference: string): ResolvedName | undefined {
  const found =
    referenceMap.own.get(reference) ??
    referenceMap.shared.get(reference) ??
    (reference.includes('?') ? referenceMap.shared.get(decodeUri(reference)) : undefined);
  if (found !== undefined) return found;
  const [, type, id] = RELATIVE_REFERENCE.exec(reference) ?? [];
  if (type === undefined || id === undefined) return resolveVariant(referenceMap, reference);
  return { type, sourceId: isUuid(id) ? id.toLowerCase() : id };
}

/**
 * Resolves other spellings: a `urn:uuid` in uppercase (RFC 8141 §3.1 makes it case-insensitive), a versioned fullUrl,
 * or a URL of this server.
 */
function resolveVariant({ own, origin }: ReferenceMap, reference: string): ResolvedName | undefined {
  if (/^urn:uuid:/i.test(reference)) return own.get(normalizeUuidUrn(reference));
  const [, address] = VERSIONED_URL.exec(reference) ?? [];
  return (address === undefined ? undefined : own.get(address)) ?? resolveOwnUrl(origin, reference);
}

/** FHIR R4 §2.3.0.1: an absolute reference to this server equals the relative one. Every id here is a UUID. */
function resolveOwnUrl({ base }: SourceOrigin, reference: string): SourceResourceKey | undefined {
  if (base === undefined || !reference.toLowerCase().startsWith(`${base.toLowerCase()}/`)) return undefined;
  const [, type, id] = RELATIVE_REFERENCE.exec(reference.slice(base.length + 1)) ?? [];
  return type === undefined || id === undefined || !isUuid(id) ? undefined : { type, sourceId: id.toLowerCase() };
}
const VERSIONED_URL = /^(https?:.+)\/_history\/[^/]+$/;
const normalizeUuidUrn = (url: string): string => (/^urn:uuid:/i.test(url) ? url.toLowerCase() : url);

/**
 * Replaces all references in a value by those that will be stored. Unknown references, and references to unsupported
 * types, stay unchanged.
 */
export const toStoredReferences = (referenceMap: ReferenceMap, value: unknown): unknown =>
  mapReferences(value, (reference) => {
    const key = resolveName(referenceMap, reference);
    if (key === undefined || key === AMBIGUOUS) return reference;
    // The stored id of an inlined resource depends on the resource that it is inlined into.
    if (isInlinedType(key.type) || getStoredCompartment(key.type) === undefined) return reference;
    return `${key.type}/${toStoredId(referenceMap.origin, key)}`;
  });

/** Replaces the reference texts in a value. Parts without references are not copied. */
export function mapReferences(value: unknown, rename: (reference: string) => string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => mapReferences(item, rename));
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  return isObject(value) ? mapMembers(value, rename) : value;
}

function mapMembers(value: Record<string, unknown>, rename: (reference: string) => string): object {
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(value)) {
    const member = value[name];
    const renamed = name === 'reference' && typeof member === 'string' ? rename(member) : mapReferences(member, rename);
    if (renamed === member) continue;
    copy ??= { ...value };
    setMember(copy, name, renamed);
  }
  return copy ?? value;
}

/** `__proto__` is an ordinary member of the JSON, but assigning to it would set the prototype. */
function setMember(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
