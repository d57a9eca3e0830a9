import { isDeepStrictEqual } from 'node:util';
import { parseJson, printJson } from '../../../src/fhir/index.ts';

export type Json = Record<string, unknown>;
export interface OriginalEntry {
  readonly resource: Json & { readonly resourceType: string };
  readonly fullUrl?: string;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('isLosslessNumber' in value);

/**
 * Maps the names by which entries of an input may be referred to, to the `Type/id` that each entry has on the server.
 */
export function referenceMap(
  originals: readonly OriginalEntry[],
  idOf: (one: OriginalEntry) => string | undefined,
): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const one of originals) {
    const { resourceType, id, identifier } = one.resource;
    const here = idOf(one);
    if (here === undefined) continue;
    const address = `${resourceType}/${here}`;
    if (typeof id === 'string') known.set(`${resourceType}/${id}`, address);
    if (one.fullUrl !== undefined) known.set(one.fullUrl, address);
    for (const { system = '', value } of Array.isArray(identifier) ? (identifier as Json[]) : [])
      known.set(`${resourceType}?identifier=${system}|${value}`, address);
  }
  return known;
}

/**
 * The JSON text that the API should return: in the original order, with the server's ids of the resource and its
 * targets.
 */
export const expectedText = (resource: Json, id: string, addresses: ReadonlyMap<string, string>): string =>
  resourceText({ ...(renamed(resource, addresses) as Json), id });

/** The JSON text of a resource without the metadata that the server adds. */
export function resourceText(resource: Json): string {
  const { resourceType, id, meta, ...rest } = resource;
  const { versionId: _version, lastUpdated: _at, ...own } = isObject(meta) ? meta : {};
  return printJson({ resourceType, id, ...(Object.keys(own).length === 0 ? {} : { meta: own }), ...rest });
}

export const parseResource = (text: string): Json => parseJson(text) as Json;

function renamed(value: unknown, addresses: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((one) => renamed(one, addresses));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === 'reference' && typeof member === 'string'
        ? (addresses.get(member) ?? member)
        : renamed(member, addresses),
    ]),
  );
}

/**
 * Members that the server removes from directory resources, completely or in part: private data of people, and
 * narratives that may contain it.
 */
const PRIVATE = ['telecom', 'address', 'birthDate', 'photo', 'text'];

/**
 * If the server removed something, removes from both texts what it may remove. The rest of a list must be a part of the
 * original list, in the same order.
 */
export function withoutPrivate(originals: string, stored: string): readonly [string, string] {
  if (originals === stored) return [originals, stored];
  const [before, after] = [parseResource(originals), parseResource(stored)];
  for (const name of PRIVATE) {
    const [all, remaining] = [before[name], after[name]];
    if (Array.isArray(all) && Array.isArray(remaining) && !isPartOf(remaining, all)) return [originals, stored];
    if (remaining !== undefined && !Array.isArray(remaining) && !isDeepStrictEqual(remaining, all))
      return [originals, stored];
    delete before[name];
    delete after[name];
  }
  return [printJson(before), printJson(after)];
}

function isPartOf(part: readonly unknown[], whole: readonly unknown[]): boolean {
  let at = 0;
  for (const one of whole) if (isDeepStrictEqual(one, part[at])) at += 1;
  return at === part.length;
}

/** Attachments whose contents the server stores separately, by type. Other types keep their contents inline. */
export const storedAttachments = ({ resourceType, content }: Json): readonly Json[] =>
  resourceType === 'DocumentReference' && Array.isArray(content)
    ? (content as Json[]).flatMap(({ attachment }) => (isObject(attachment) ? [attachment] : []))
    : [];

/** Removes the members that change when the server stores the contents of an attachment separately. */
export function withoutContents(resource: Json): string {
  const emptied = new Set<unknown>(storedAttachments(resource));
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value)) return value;
    const { data, url, size, hash, ...rest } = value;
    return Object.fromEntries(
      Object.entries(emptied.has(value) ? rest : value).map(([name, one]) => [name, walk(one)]),
    );
  };
  return resourceText(walk(resource) as Json);
}
