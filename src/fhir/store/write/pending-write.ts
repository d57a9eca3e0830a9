import { isObject, sha256 } from '../../../kernel/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseInstant } from '../../model/instant.ts';
import { printJson } from '../../model/json.ts';
import { type IndexEntry, indexResource } from '../index/index-resource.ts';

/**
 * A resource that is about to be stored. Its JSON is printed once; version and time are filled in when they are known.
 */
export interface PendingWrite {
  readonly type: string;
  readonly id: string;
  readonly resource: Resource;
  /**
   * SHA-256 of everything except `meta.versionId` and `meta.lastUpdated`. Equal digests mean that storing the resource
   * again would change nothing.
   */
  readonly digest: Buffer;
  /** `meta.lastUpdated` as received; null if it isn't a valid instant. */
  readonly sourceUpdated: Date | null;
  /** Approximate length of the JSON text, in characters. */
  readonly size: number;
  textAt(version: number, at: Date): string;
  resourceAt(version: number, at: Date): Resource;
  /** The values the resource is searched by. Computed on the first call. */
  index(): IndexEntry;
}

type ResourceWithId = Resource & { readonly id: string };
const pendingWrites = new WeakMap<ResourceWithId, PendingWrite>();

/**
 * Returns the pending write of a resource. The result is cached per resource object, so it can be prepared before the
 * resource is written.
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
 * Prints an object's members so that they can follow other members: `,"a":1`, or an empty string for an empty object.
 */
function printMembers(value: object): string {
  const text = printJson(value);
  return text === '{}' ? '' : `,${text.slice(1, -1)}`;
}
