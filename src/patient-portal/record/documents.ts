import {
  elementsAt,
  isEnteredInError,
  parseDocumentPlaceholder,
  parseJson,
  type RecordDocument,
} from '../../fhir/index.ts';
import { emptyHtml, findServedType, type Html, html, isObject, UNTRUSTED_FILE } from '../../kernel/index.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { formatStatus, type RecordEntryText } from './entries/entry.ts';
import { joinTexts, type ResourceReader } from './resource-reader.ts';
import { formatReferences } from './resource-titles.ts';

export function describeDocument(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, text } = reader;
  const { labels } = messages;
  return {
    title: concepts(resource, 'type') ?? text(resource, 'description', 'content.attachment.title'),
    date: dateAt(resource, 'date', 'context.period.start'),
    facts: [
      [labels.note, text(resource, 'description')],
      [labels.author, formatReferences(resource, 'author', reader)],
      [labels.kind, concepts(resource, 'category')],
      [labels.status, joinTexts([formatStatus(resource, reader), formatDocStatus(resource, reader)])],
    ],
  };
}

/** Formats DocumentReference.docStatus, the status of the document itself. undefined if the document is final. */
const formatDocStatus = (resource: unknown, { codeLabel, messages }: ResourceReader): string | undefined =>
  isEnteredInError(resource) || elementsAt(resource, 'docStatus').includes('final')
    ? undefined
    : codeLabel(resource, 'docStatus', messages.statuses);

/** Path of the attachments within a resource, by resource type. */
const ATTACHMENT_PATHS: Readonly<Record<string, string>> = {
  DocumentReference: 'content.attachment',
  DiagnosticReport: 'presentedForm',
  Media: 'content',
};

export const TYPES_WITH_ATTACHMENTS: readonly string[] = Object.keys(ATTACHMENT_PATHS);

const MAX_ATTACHMENTS = 20;

export const listAttachments = (type: string, resource: unknown): readonly Record<string, unknown>[] =>
  (Object.hasOwn(ATTACHMENT_PATHS, type) ? elementsAt(resource, ATTACHMENT_PATHS[type] ?? '') : [])
    .filter(isObject)
    .slice(0, MAX_ATTACHMENTS);

/** Renders links to open or save each attachment. A URL that came with the record is never linked. */
export function renderDocumentLinks(
  { basePath, messages }: PatientPortalContext,
  { type, id }: { type: string; id: string },
  resource: unknown,
): Html {
  const { document: w } = messages.patientRecord;
  const links = listAttachments(type, resource).map(({ url, data, contentType }, index) => {
    const storedId = typeof url === 'string' ? parseDocumentPlaceholder(url) : undefined;
    const inlinePath = typeof data === 'string' ? `${basePath}/record/attachments/${type}/${id}/${index}` : undefined;
    const path = storedId === undefined ? inlinePath : `${basePath}/record/documents/${storedId}`;
    if (path === undefined) return html`<li>${w.elsewhere}</li>`;
    const kind = w.kinds[documentKind(String(contentType))] ?? '';
    const open = displayableType(String(contentType)) === undefined ? '' : html`<a href="${path}">${w.open(kind)}</a> `;
    return html`<li>${open}<a href="${path}?save=yes">${w.save(kind)}</a></li>`;
  });
  return links.length === 0 ? emptyHtml : html`<ul class="actions">${links}</ul>`;
}

/**
 * Reads a document that is stored inline in the attachment.
 * @param index index of the attachment, as text from the URL
 */
export function readInlineDocument(type: string, content: string, index: string): DocumentContent | undefined {
  const attachment = /^\d{1,2}$/.test(index) ? listAttachments(type, parseJson(content))[Number(index)] : undefined;
  if (typeof attachment?.['data'] !== 'string') return undefined;
  return { contentType: String(attachment['contentType']), bytes: Buffer.from(attachment['data'], 'base64') };
}

/** Returns the kind of a document, as a key of the messages in `document.kinds`. */
export function documentKind(contentType: string): string {
  if (mediaTypeEssence(contentType) === 'application/pdf') return 'pdf';
  const displayType = displayableType(contentType);
  if (displayType === undefined) return 'other';
  return displayType.startsWith('image/') ? 'image' : 'text';
}

/**
 * Media types of documents that the browser may display, because displaying them runs no code: no HTML, XML or SVG. A
 * PDF is only offered for download, since some browsers' PDF viewers don't work under the `sandbox` directive of the
 * content security policy.
 */
const DISPLAYABLE_TYPES = ['text/plain', 'image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** Returns the media type with which a browser may display a document. undefined if it may not. */
export function displayableType(contentType: string): string | undefined {
  const essence = mediaTypeEssence(contentType);
  if (!DISPLAYABLE_TYPES.includes(essence)) return undefined;
  return essence === 'text/plain' ? 'text/plain; charset=utf-8' : essence;
}

const mediaTypeEssence = (contentType: string): string => (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();

const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'text/plain': 'txt',
  'text/html': 'html',
  'application/xml': 'xml',
  'text/xml': 'xml',
  'application/rtf': 'rtf',
  'text/rtf': 'rtf',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
};

type DocumentContent = Pick<RecordDocument, 'contentType' | 'bytes'>;

/**
 * Returns the response headers for a document. The document comes from outside, and the headers keep it from running in
 * our origin. If its bytes contradict its content type, it can only be saved.
 */
export async function documentHeaders(
  { contentType, bytes }: DocumentContent,
  save: boolean,
): Promise<Readonly<Record<string, string>>> {
  const served = await findServedType(contentType, bytes);
  const displayType = displayableType(served.contentType);
  const asAttachment = displayType === undefined || save;
  return {
    'content-type': displayType ?? 'application/octet-stream',
    'content-disposition': `${asAttachment ? 'attachment' : 'inline'}; filename="${documentFileName(served.nameType)}"`,
    ...UNTRUSTED_FILE,
  };
}

/** Returns a file name that says nothing about the patient. */
export function documentFileName(contentType: string): string {
  const essence = mediaTypeEssence(contentType);
  return `document.${Object.hasOwn(EXTENSIONS, essence) ? EXTENSIONS[essence] : 'bin'}`;
}
