import { isObject, sha256 } from '../../../kernel/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseInstant } from '../../model/instant.ts';
import { printJson } from '../../model/json.ts';
import { type IndexEntry, indexResource } from '../index/index-resource.ts';

/**
 * A resource that will be stored. Its JSON is printed only once. Version and time are inserted into the text later,
 * when they are known.
 */
export interface PendingWrite {
  readonly type: string;
  readonly id: string;
  readonly resource: Resource;
  /**
   * SHA-256 of the resource without `meta.versionId` and `meta.lastUpdated`. If it equals the digest of the stored
   * resource, storing the resource would change nothing.
   */
  readonly digest: Buffer;
  /** The `meta.lastUpdated` with which the resource was received. null if it isn't a valid instant. */
  readonly sourceUpdated: Date | null;
  /** Approximate length of the resource's JSON text, in characters. */
  readonly size: number;
  textAt(version: number, at: Date): string;
  resourceAt(version: number, at: Date): Resource;
  /** Returns the search index values of the resource. They are computed when they are first needed. */
  index(): IndexEntry;
}

type ResourceWithId = Resource & { readonly id: string };
const pendingWrites = new WeakMap<ResourceWithId, PendingWrite>();

/**
 * Prepares a resource to be stored. The result is cached by resource object, so an import can prepare resources while
 * it writes others.
 */
export function toPendingWrite(resource: ResourceWithId): PendingWrite {
  const prepared = pendingWrites.get(resource);
  if (prepared !== undefined) return prepared;
  const write = buildPendingWrite(resource);
  pendingWrites.set(resource, write);
  return write;
}

function buildPendingWrite(resource: ResourceWithId): PendingWrite {
  const { resourceType: type, id, meta, ...elements } = resource;
  const { versionId: _version, lastUpdated, ...ownMeta } = isObject(meta) ? meta : {};
  const metaText = printMembers(ownMeta);
  const text = printMembers(elements);
  let index: IndexEntry | undefined;
  const head = `{"resourceType":${JSON.stringify(type)},"id":${JSON.stringify(id)},"meta":{`;
  return {
    type,
    id,
    resource,
    sourceUpdated: parseInstant(lastUpdated) ?? null,
    size: text.length,
    digest: sha256(`${head}${metaText}}${text}}`),
    textAt: (version, at) => `${head}"versionId":"${version}","lastUpdated":"${at.toISOString()}"${metaText}}${text}}`,
    resourceAt: (version, at) => ({
      resourceType: type,
      id,
      meta: { versionId: String(version), lastUpdated: at.toISOString(), ...ownMeta },
      ...elements,
    }),
    index: () => {
      index ??= indexResource(resource);
      return index;
    },
  };
}

/**
 * Prints the members of an object in a form that can follow other members: `,"a":1`, or an empty string for an empty
 * object.
 */
function printMembers(value: object): string {
  const text = printJson(value);
  return text === '{}' ? '' : `,${text.slice(1, -1)}`;
}
