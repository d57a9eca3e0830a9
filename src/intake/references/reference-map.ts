import { getStoredCompartment } from '../../fhir/index.ts';
import { derivedUuid, isObject, isUuid, itemsAt, type PracticeId, textAt } from '../../kernel/index.ts';
import type { ImportEntry } from '../import/entry.ts';
import { isInlinedType } from './inlined.ts';

/** Type and id of a resource, as the source system uses them. */
export interface SourceResourceKey {
  readonly type: string;
  readonly sourceId: string;
}

/**
 * Source system and practice of a resource id. The same id from another source or at another practice means another
 * resource.
 */
export interface SourceOrigin {
  readonly practiceId: PracticeId;
  readonly source: string;
  /**
   * Base URL of this server's R4 API. Absolute references below it lead to resources of this server. If it is
   * undefined, no absolute reference does.
   */
  readonly base?: string | undefined;
}

/**
 * Result of the lookup of a fullUrl or identifier that two resources share. Choosing one of the two would be a guess
 * about whose data it is. The value can't be an id.
 */
export const AMBIGUOUS = '?ambiguous';
export type ResolvedName = SourceResourceKey | typeof AMBIGUOUS;

/** Resources of one file by the names (fullUrl, id, or identifier) with which other resources can refer to them. */
export interface ReferenceMap {
  readonly origin: SourceOrigin;
  /**
   * Resources by `fullUrl`. It is only valid within its Bundle, since the next Bundle may use it for something else
   * (FHIR R4 §2.36.4).
   */
  readonly byFullUrl: Map<string, ResolvedName>;
  /** Resources by `Type?identifier=system|value`. All files of an import share this map. */
  readonly shared: Map<string, ResolvedName>;
}

export const createReferenceMap = (origin: SourceOrigin, shared: ReferenceMap['shared'] = new Map()): ReferenceMap => ({
  origin,
  byFullUrl: new Map(),
  shared,
});

/**
 * Matches a valid resource id (FHIR R4 §2.24.0.1). Some other texts, such as one with a NUL character, would make a
 * PostgreSQL statement fail.
 */
const VALID_ID = /^[A-Za-z0-9.-]{1,64}$/;

/**
 * Returns the type and id of an entry's resource. Without an id, the UUID of its fullUrl is used. A UUID is returned in
 * lowercase. Returns undefined if there is no valid id.
 */
export function toSourceKey(entry: ImportEntry): SourceResourceKey | undefined {
  const type = textAt(entry.value, 'resourceType');
  const [, uuid] = /^urn:uuid:(.+)$/i.exec(entry.fullUrl ?? '') ?? [];
  const sourceId = textAt(entry.value, 'id') ?? uuid;
  if (type === undefined || sourceId === undefined || !VALID_ID.test(sourceId)) return undefined;
  return { type, sourceId: isUuid(sourceId) ? sourceId.toLowerCase() : sourceId };
}

/**
 * Returns the id under which this server stores a resource. A UUID stays the same. Any other id of a source system
 * always becomes the same derived UUID.
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

/** Cache of derived ids. It helps because most references lead to the same patients, practitioners and encounters. */
const derivedIds = new Map<string, string>();
const MAX_DERIVED_IDS = 20_000;

/** Adds the names (fullUrl and identifiers) with which other resources may refer to the resource of an entry. */
export function registerNames(referenceMap: ReferenceMap, entry: ImportEntry): void {
  const key = toSourceKey(entry);
  if (key === undefined || entry.error !== undefined) return;
  if (entry.fullUrl !== undefined) {
    for (const name of new Set([entry.fullUrl, normalizeUuidUrn(entry.fullUrl)]))
      setName(referenceMap.byFullUrl, name, key);
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

/**
 * Resource types that can be found by identifier, because conditional references usually refer to them. The identifiers
 * of other types would only use memory.
 */
export const TYPES_REFERRED_BY_IDENTIFIER = ['Patient', 'Practitioner', 'Organization', 'Location'];

const RELATIVE_REFERENCE = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/.*)?$/;

/**
 * Returns the type and id of the resource that a reference leads to. It finds resources of the input by fullUrl,
 * identifier, or `Type/id`, and other resources only by `Type/id`. Returns undefined if the reference can't be
 * resolved.
 */
export function resolveName(referenceMap: ReferenceMap, reference: string): ResolvedName | undefined {
  const found =
    referenceMap.byFullUrl.get(reference) ??
    referenceMap.shared.get(reference) ??
    (reference.includes('?') ? referenceMap.shared.get(decodeUri(reference)) : undefined);
  if (found !== undefined) return found;
  const [, type, id] = RELATIVE_REFERENCE.exec(reference) ?? [];
  if (type === undefined || id === undefined) return resolveVariant(referenceMap, reference);
  return { type, sourceId: isUuid(id) ? id.toLowerCase() : id };
}

/**
 * Resolves a reference in another spelling: a `urn:uuid` in uppercase (RFC 8141 §3.1 makes it case-insensitive), a
 * versioned fullUrl, or a URL of this server.
 */
function resolveVariant({ byFullUrl, origin }: ReferenceMap, reference: string): ResolvedName | undefined {
  if (/^urn:uuid:/i.test(reference)) return byFullUrl.get(normalizeUuidUrn(reference));
  const [, address] = VERSIONED_URL.exec(reference) ?? [];
  return (address === undefined ? undefined : byFullUrl.get(address)) ?? resolveOwnUrl(origin, reference);
}

/**
 * Resolves an absolute reference to this server, which means the same as a relative one (FHIR R4 §2.3.0.1). All ids on
 * this server are UUIDs, so a reference with any other id isn't resolved.
 */
function resolveOwnUrl({ base }: SourceOrigin, reference: string): SourceResourceKey | undefined {
  if (base === undefined || !reference.toLowerCase().startsWith(`${base.toLowerCase()}/`)) return undefined;
  const [, type, id] = RELATIVE_REFERENCE.exec(reference.slice(base.length + 1)) ?? [];
  return type === undefined || id === undefined || !isUuid(id) ? undefined : { type, sourceId: id.toLowerCase() };
}
const VERSIONED_URL = /^(https?:.+)\/_history\/[^/]+$/;
const normalizeUuidUrn = (url: string): string => (/^urn:uuid:/i.test(url) ? url.toLowerCase() : url);

/**
 * Replaces the references in a value with references to stored ids. Unknown references, and references to unsupported
 * types, stay unchanged.
 */
export const toStoredReferences = (referenceMap: ReferenceMap, value: unknown): unknown =>
  mapReferences(value, (reference) => {
    const key = resolveName(referenceMap, reference);
    if (key === undefined || key === AMBIGUOUS) return reference;
    // A Binary or Medication has a different stored id in each patient record, so the reference can't be replaced yet.
    if (isInlinedType(key.type) || getStoredCompartment(key.type) === undefined) return reference;
    return `${key.type}/${toStoredId(referenceMap.origin, key)}`;
  });

/** Replaces the texts of references in a value. Parts without references are not copied. */
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

/**
 * Sets a member of an object. `__proto__` is an ordinary member of JSON, but assigning to it would set the prototype.
 */
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
