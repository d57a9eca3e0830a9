import { sha256 } from '../../kernel/index.ts';
import { printJson } from '../core/json.ts';
import type { Resource } from '../core/version.ts';
import { isObject } from './elements.ts';

/** A resource about to be stored, printed once; its version is filled in when it is known. */
export interface Draft {
  readonly type: string;
  readonly id: string;
  readonly resource: Resource;
  /** Of everything but `meta.versionId` and `meta.lastUpdated`: equal when storing it again changes nothing. */
  readonly digest: Buffer;
  textAt(version: number, at: Date): string;
  resourceAt(version: number, at: Date): Resource;
}

export function draftOf(resource: Resource & { readonly id: string }): Draft {
  const { resourceType: type, id, meta, ...elements } = resource;
  const { versionId: _version, lastUpdated: _updated, ...ownMeta } = isObject(meta) ? meta : {};
  const metaText = membersOf(ownMeta);
  const text = membersOf(elements);
  const head = `{"resourceType":${JSON.stringify(type)},"id":${JSON.stringify(id)},"meta":{`;
  return {
    type,
    id,
    resource,
    digest: sha256(`${head}${metaText}}${text}}`),
    textAt: (version, at) => `${head}"versionId":"${version}","lastUpdated":"${at.toISOString()}"${metaText}}${text}}`,
    resourceAt: (version, at) => ({
      resourceType: type,
      id,
      meta: { versionId: String(version), lastUpdated: at.toISOString(), ...ownMeta },
      ...elements,
    }),
  };
}

/** The members of an object as they follow others: `,"a":1`; nothing for an empty one. */
function membersOf(value: object): string {
  const text = printJson(value);
  return text === '{}' ? '' : `,${text.slice(1, -1)}`;
}
