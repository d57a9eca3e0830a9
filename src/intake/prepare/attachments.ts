import { createHash } from 'node:crypto';
import { documentPlaceholder, type Resource, type StoredDocument } from '../../fhir/index.ts';
import { derivedUuid, isObject, itemsAt, textAt } from '../../kernel/index.ts';
import type { InlinedResources } from '../references/inlined.ts';
import { addLabels, collectLabels } from './security-labels.ts';

/**
 * Moves the data of attachments out of a resource, so that the store keeps it separately. Otherwise, a
 * DocumentReference with inline text would be sent in full with every search. In other types, only the data of
 * referenced Binaries is moved; inline data stays.
 * @throws {InvalidAttachment} if the data isn't base64
 */
export function extractDocuments<R extends Resource & { readonly id: string }>(
  resource: R,
  inlined: InlinedResources,
): { readonly resource: R; readonly documents: readonly StoredDocument[] } {
  const documents: StoredDocument[] = [];
  const binaries: unknown[] = [];
  const isDocument = resource.resourceType === 'DocumentReference';
  const move = (contentTypeText: unknown): unknown => {
    if (!isObject(contentTypeText) || (!isDocument && contentTypeText['data'] !== undefined)) return contentTypeText;
    const { attachment, document, binary } = moveAttachment(contentTypeText, resource.id, inlined);
    if (document !== undefined) documents.push(document);
    binaries.push(binary);
    return attachment;
  };
  const changedFields = ATTACHMENT_FIELDS[resource.resourceType]?.(resource, move) ?? {};
  return {
    resource: documents.length === 0 ? resource : addLabels({ ...resource, ...changedFields }, collectLabels(binaries)),
    documents,
  };
}

type MoveAttachment = (attachment: unknown) => unknown;

/** Functions that move the attachments of a resource, by resource type. Each returns the changed elements. */
const ATTACHMENT_FIELDS: Readonly<Record<string, (resource: Resource, move: MoveAttachment) => object>> = {
  DocumentReference: (resource, move) => ({
    content: itemsAt(resource, 'content').map((item) =>
      isObject(item) && isObject(item['attachment']) ? { ...item, attachment: move(item['attachment']) } : item,
    ),
  }),
  DiagnosticReport: (resource, move) => ({ presentedForm: itemsAt(resource, 'presentedForm').map(move) }),
  Media: (resource, move) => ({ content: move(resource['content']) }),
};

export class InvalidAttachment extends Error {
  override readonly name = 'BadAttachment';
}

function moveAttachment(
  attachment: Record<string, unknown>,
  owner: string,
  inlined: InlinedResources,
): { attachment: Record<string, unknown>; document?: StoredDocument; binary?: unknown } {
  const binary = findBinary(textAt(attachment, 'url'), inlined);
  const inlineData = textAt(attachment, 'data');
  const data = inlineData ?? textAt(binary, 'data');
  if (data === undefined) return { attachment };
  if (!isBase64(data.replaceAll(/\s/g, ''))) throw new InvalidAttachment('The attachment data isn’t valid base64.');
  if (inlineData === undefined) inlined.stored.add(binary);
  const bytes = Buffer.from(data, 'base64');
  const contentTypeText = textAt(attachment, 'contentType') ?? textAt(binary, 'contentType') ?? '';
  const contentType = MEDIA_TYPE.test(contentTypeText) ? contentTypeText : 'application/octet-stream';
  const id = derivedUuid('document', owner, contentType, createHash('sha256').update(bytes).digest('hex'));
  const { data: _data, ...rest } = attachment;
  const metadata = {
    contentType,
    url: documentPlaceholder(contentType, id),
    size: bytes.length,
    // FHIR R4 §2.24.0.5: Attachment.hash is a SHA-1 hash.
    hash: createHash('sha1').update(bytes).digest('base64'),
  };
  return {
    attachment: { ...rest, ...metadata },
    document: { id, contentType, bytes },
    binary: inlineData === undefined ? binary : undefined,
  };
}

function findBinary(url: string | undefined, { find }: InlinedResources): unknown {
  const found = url === undefined ? undefined : find(url)?.value;
  return textAt(found, 'resourceType') === 'Binary' ? found : undefined;
}

/**
 * Whether a text is base64 (RFC 4648 §4). Padding may be missing. Truncated data shows in the length: with padding, it
 * must be a multiple of 4; without, the last group can't have one character.
 */
function isBase64(text: string): boolean {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return false;
  return text.endsWith('=') ? text.length % 4 === 0 : text.length % 4 !== 1;
}

/**
 * Matches a plain media type with simple parameters. No other is accepted, because the value becomes an HTTP header.
 */
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+(?:\s*;\s*[\w-]+=[\w.:+-]+)*$/;
