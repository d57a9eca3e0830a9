import { createHash } from 'node:crypto';
import { documentPlaceholder, type Resource, type StoredDocument } from '../fhir/index.ts';
import { derivedUuid } from '../kernel/index.ts';
import type { Carried } from './carried.ts';
import { isObject, listOf, textAt } from './json-value.ts';
import { labelsOf, withLabels } from './labels.ts';

/**
 * Moves the contents of attachments out of a resource, so that they are stored beside it. Otherwise a DocumentReference
 * with inline text would be sent in full with every search. In other types, only contents that an attachment points to
 * are moved; inline data stays.
 * @throws {InvalidAttachment} if the data isn't base64
 */
export function withoutContents<R extends Resource & { readonly id: string }>(
  resource: R,
  inlined: Carried,
): { readonly resource: R; readonly documents: readonly StoredDocument[] } {
  const documents: StoredDocument[] = [];
  const binaries: unknown[] = [];
  const isDocument = resource.resourceType === 'DocumentReference';
  const move = (contentTypeText: unknown): unknown => {
    if (!isObject(contentTypeText) || (!isDocument && contentTypeText['data'] !== undefined)) return contentTypeText;
    const { attachment, document, binary } = moved(contentTypeText, resource.id, inlined);
    if (document !== undefined) documents.push(document);
    binaries.push(binary);
    return attachment;
  };
  const changedFields = CHANGED[resource.resourceType]?.(resource, move) ?? {};
  return {
    resource: documents.length === 0 ? resource : withLabels({ ...resource, ...changedFields }, labelsOf(binaries)),
    documents,
  };
}

type Move = (attachment: unknown) => unknown;

/** Fields that contain attachments, by resource type, rebuilt with each attachment moved. */
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
  inlined: Carried,
): { attachment: Record<string, unknown>; document?: StoredDocument; binary?: unknown } {
  const binary = binaryOf(textAt(attachment, 'url'), inlined);
  const inlineData = textAt(attachment, 'data');
  const data = inlineData ?? textAt(binary, 'data');
  if (data === undefined) return { attachment };
  if (!isBase64(data.replaceAll(/\s/g, ''))) throw new BadAttachment('The data of its attachment is not base64.');
  if (inlineData === undefined) inlined.taken.add(binary);
  const bytes = Buffer.from(data, 'base64');
  const contentTypeText = textAt(attachment, 'contentType') ?? textAt(binary, 'contentType') ?? '';
  const contentType = MEDIA_TYPE.test(contentTypeText) ? contentTypeText : 'application/octet-stream';
  const id = derivedUuid('document', owner, contentType, createHash('sha256').update(bytes).digest('hex'));
  const { data: _data, ...rest } = attachment;
  const metadata = {
    contentType,
    url: documentPlaceholder(contentType, id),
    size: bytes.length,
    // FHIR R4 §2.24.0.5: Attachment.hash is SHA-1.
    hash: createHash('sha1').update(bytes).digest('base64'),
  };
  return {
    attachment: { ...rest, ...metadata },
    document: { id, contentType, bytes },
    binary: inlineData === undefined ? binary : undefined,
  };
}

function binaryOf(url: string | undefined, { find }: Carried): unknown {
  const found = url === undefined ? undefined : find(url)?.value;
  return textAt(found, 'resourceType') === 'Binary' ? found : undefined;
}

/**
 * RFC 4648 §4. Padding may be missing. If there is padding, or the last group would have one character, the length
 * reveals truncated data.
 */
function isBase64(text: string): boolean {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return false;
  return text.endsWith('=') ? text.length % 4 === 0 : text.length % 4 !== 1;
}

/** The value becomes an HTTP header, so only a plain media type with simple parameters is accepted. */
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+(?:\s*;\s*[\w-]+=[\w.:+-]+)*$/;
