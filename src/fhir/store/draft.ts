import { sha256 } from '../../kernel/index.ts';
import { printJson } from '../core/json.ts';
import type { Resource } from '../core/version.ts';
import { isObject } from './elements.ts';
import { type IndexEntry, indexResource } from './index-resource.ts';

/** A resource about to be stored, printed once; its version is filled in when it is known. */
export interface Draft {
  readonly type: string;
  readonly id: string;
  readonly resource: Resource;
  /** Of everything but `meta.versionId` and `meta.lastUpdated`: equal when storing it again changes nothing. */
  readonly digest: Buffer;
  /** `meta.lastUpdated` as it came; null: there was none that is an instant. */
  readonly sourceUpdated: Date | null;
  /** Letters of its text, about. */
  readonly size: number;
  textAt(version: number, at: Date): string;
  resourceAt(version: number, at: Date): Resource;
  /** What it is found by: made when it is first asked for. */
  index(): IndexEntry;
}

type Drafted = Resource & { readonly id: string };
const made = new WeakMap<Drafted, Draft>();

/** Of one resource it is made once: whoever has time may do so before it is stored. */
export function draftOf(resource: Drafted): Draft {
  const before = made.get(resource);
  if (before !== undefined) return before;
  const draft = draftMadeOf(resource);
  made.set(resource, draft);
  return draft;
}

function draftMadeOf(resource: Drafted): Draft {
  const { resourceType: type, id, meta, ...elements } = resource;
  const { versionId: _version, lastUpdated, ...ownMeta } = isObject(meta) ? meta : {};
  const metaText = membersOf(ownMeta);
  const text = membersOf(elements);
  let index: IndexEntry | undefined;
  const head = `{"resourceType":${JSON.stringify(type)},"id":${JSON.stringify(id)},"meta":{`;
  return {
    type,
    id,
    resource,
    sourceUpdated: instantOf(lastUpdated) ?? null,
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

/** FHIR R4 §2.24.0.1: an instant has a time zone, and seconds at least. */
export function instantOf(value: unknown): Date | undefined {
  if (typeof value !== 'string' || !INSTANT.test(value)) return undefined;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** The members of an object as they follow others: `,"a":1`; nothing for an empty one. */
function membersOf(value: object): string {
  const text = printJson(value);
  return text === '{}' ? '' : `,${text.slice(1, -1)}`;
}
