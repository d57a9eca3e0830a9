import { createHash } from 'node:crypto';
import { documentPlaceholder, type Resource, type StoredDocument } from '../fhir/index.ts';
import { derivedUuid } from '../kernel/index.ts';
import type { Entry } from './entry.ts';
import { isObject, listOf, textAt } from './json-value.ts';

/** The Binary resources of a Bundle by what an attachment may call them. */
export type Binaries = ReadonlyMap<string, unknown>;

export function binariesOf(entries: readonly Entry[]): Binaries {
  const binaries = entries.filter(({ value }) => textAt(value, 'resourceType') === 'Binary');
  return new Map(
    binaries.flatMap(({ value, fullUrl }) => {
      const id = textAt(value, 'id');
      const names = [fullUrl, id === undefined ? undefined : `Binary/${id}`].filter((name) => name !== undefined);
      return names.map((name) => [name, value] as const);
    }),
  );
}

/**
 * A DocumentReference whose contents are kept beside it: text in the resource would be sent with every search.
 * @throws BadAttachment
 */
export function withoutContents<R extends Resource & { readonly id: string }>(
  resource: R,
  binaries: Binaries,
): { readonly resource: R; readonly documents: readonly StoredDocument[] } {
  const documents: StoredDocument[] = [];
  const content = listOf(resource, 'content').map((item) => {
    if (!isObject(item) || !isObject(item['attachment'])) return item;
    const { attachment, document } = moved(item['attachment'], resource.id, binaries);
    if (document !== undefined) documents.push(document);
    return { ...item, attachment };
  });
  return { resource: documents.length === 0 ? resource : { ...resource, content }, documents };
}

export class BadAttachment extends Error {
  override readonly name = 'BadAttachment';
}

function moved(
  attachment: Record<string, unknown>,
  owner: string,
  binaries: Binaries,
): { attachment: Record<string, unknown>; document?: StoredDocument } {
  const binary = binaries.get(textAt(attachment, 'url') ?? '');
  const data = textAt(attachment, 'data') ?? textAt(binary, 'data');
  if (data === undefined) return { attachment };
  if (!BASE64.test(data.replaceAll(/\s/g, ''))) throw new BadAttachment('The data of its attachment is not base64.');
  const bytes = Buffer.from(data, 'base64');
  const given = textAt(attachment, 'contentType') ?? textAt(binary, 'contentType') ?? '';
  const contentType = MEDIA_TYPE.test(given) ? given : 'application/octet-stream';
  const id = derivedUuid('document', owner, contentType, createHash('sha256').update(bytes).digest('hex'));
  const { data: _data, ...rest } = attachment;
  const facts = {
    contentType,
    url: documentPlaceholder(contentType, id),
    size: bytes.length,
    // FHIR R4 §2.24.0.5: Attachment.hash is SHA-1.
    hash: createHash('sha1').update(bytes).digest('base64'),
  };
  return { attachment: { ...rest, ...facts }, document: { id, contentType, bytes } };
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** It becomes a header: nothing but a plain media type with plain parameters. */
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+(?:\s*;\s*[\w-]+=[\w.:+-]+)*$/;
