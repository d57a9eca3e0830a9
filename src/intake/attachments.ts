import { createHash } from 'node:crypto';
import { documentPlaceholder, type Resource, type StoredDocument } from '../fhir/index.ts';
import { derivedUuid } from '../kernel/index.ts';
import type { Carried } from './carried.ts';
import { isObject, listOf, textAt } from './json-value.ts';
import { labelsOf, withLabels } from './labels.ts';

/**
 * A resource whose contents are kept beside it: text in a DocumentReference would be sent with every search. Of other
 * types that is what their attachments point to; what they hold themselves stays.
 * @throws BadAttachment
 */
export function withoutContents<R extends Resource & { readonly id: string }>(
  resource: R,
  carried: Carried,
): { readonly resource: R; readonly documents: readonly StoredDocument[] } {
  const documents: StoredDocument[] = [];
  const binaries: unknown[] = [];
  const isDocument = resource.resourceType === 'DocumentReference';
  const move = (given: unknown): unknown => {
    if (!isObject(given) || (!isDocument && given['data'] !== undefined)) return given;
    const { attachment, document, binary } = moved(given, resource.id, carried);
    if (document !== undefined) documents.push(document);
    binaries.push(binary);
    return attachment;
  };
  const changed = CHANGED[resource.resourceType]?.(resource, move) ?? {};
  return {
    resource: documents.length === 0 ? resource : withLabels({ ...resource, ...changed }, labelsOf(binaries)),
    documents,
  };
}

type Move = (attachment: unknown) => unknown;

/** What is other in a resource, by its type, when each of its attachments is moved. */
const CHANGED: Readonly<Record<string, (resource: Resource, move: Move) => object>> = {
  DocumentReference: (resource, move) => ({
    content: listOf(resource, 'content').map((item) =>
      isObject(item) && isObject(item['attachment']) ? { ...item, attachment: move(item['attachment']) } : item,
    ),
  }),
  DiagnosticReport: (resource, move) => ({ presentedForm: listOf(resource, 'presentedForm').map(move) }),
  Media: (resource, move) => ({ content: move(resource['content']) }),
};

export class BadAttachment extends Error {
  override readonly name = 'BadAttachment';
}

function moved(
  attachment: Record<string, unknown>,
  owner: string,
  carried: Carried,
): { attachment: Record<string, unknown>; document?: StoredDocument; binary?: unknown } {
  const binary = binaryOf(textAt(attachment, 'url'), carried);
  const own = textAt(attachment, 'data');
  const data = own ?? textAt(binary, 'data');
  if (data === undefined) return { attachment };
  if (!isBase64(data.replaceAll(/\s/g, ''))) throw new BadAttachment('The data of its attachment is not base64.');
  if (own === undefined) carried.taken.add(binary);
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
  return {
    attachment: { ...rest, ...facts },
    document: { id, contentType, bytes },
    binary: own === undefined ? binary : undefined,
  };
}

function binaryOf(url: string | undefined, { find }: Carried): unknown {
  const found = url === undefined ? undefined : find(url)?.value;
  return textAt(found, 'resourceType') === 'Binary' ? found : undefined;
}

/** RFC 4648 §4. The padding may be missing; where there is some, or one letter is left over, the length tells what was cut. */
function isBase64(text: string): boolean {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return false;
  return text.endsWith('=') ? text.length % 4 === 0 : text.length % 4 !== 1;
}

/** It becomes a header: nothing but a plain media type with plain parameters. */
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+(?:\s*;\s*[\w-]+=[\w.:+-]+)*$/;
