import { html } from 'ghtml';
import { elementsAt, isMistake, isObject, type OwnDocument, parseJson, placedDocumentId } from '../../fhir/index.ts';
import type { Place } from '../place.ts';
import { type EntryText, statusOf } from './entries/entry.ts';
import { referred } from './titles.ts';
import { joined, type Reader } from './values.ts';

export function documentEntry(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, text } = reader;
  const { labels } = messages;
  return {
    title: concepts(resource, 'type') ?? text(resource, 'description', 'content.attachment.title'),
    when: dateAt(resource, 'date', 'context.period.start'),
    facts: [
      [labels.note, text(resource, 'description')],
      [labels.author, referred(resource, 'author', reader)],
      [labels.kind, concepts(resource, 'category')],
      [labels.status, joined([statusOf(resource, reader), draftOf(resource, reader)])],
    ],
  };
}

/** DocumentReference.docStatus, the status of the document itself. undefined when it is final. */
const draftOf = (resource: unknown, { coded, words: messages }: Reader): string | undefined =>
  isMistake(resource) || elementsAt(resource, 'docStatus').includes('final')
    ? undefined
    : coded(resource, 'docStatus', messages.statuses);

/** Path of the attachments by resource type. */
const ATTACHMENTS: Readonly<Record<string, string>> = {
  DocumentReference: 'content.attachment',
  DiagnosticReport: 'presentedForm',
  Media: 'content',
};

export const WITH_ATTACHMENTS: readonly string[] = Object.keys(ATTACHMENTS);

const MOST_ATTACHMENTS = 20;

export const attachmentsOf = (type: string, resource: unknown): readonly Record<string, unknown>[] =>
  (Object.hasOwn(ATTACHMENTS, type) ? elementsAt(resource, ATTACHMENTS[type] ?? '') : [])
    .filter(isObject)
    .slice(0, MOST_ATTACHMENTS);

/** Links to open or save each attachment. URLs that came with the record are never linked. */
export function documentLinks(
  { base: basePath, words: messages }: Place,
  { type, id }: { type: string; id: string },
  resource: unknown,
) {
  const { document: w } = messages.own;
  const links = attachmentsOf(type, resource).map(({ url, data, contentType }, index) => {
    const storedId = typeof url === 'string' ? placedDocumentId(url) : undefined;
    const inlinePath = typeof data === 'string' ? `${basePath}/record/attachments/${type}/${id}/${index}` : undefined;
    const path = storedId === undefined ? inlinePath : `${basePath}/record/documents/${storedId}`;
    if (path === undefined) return html`<li>${w.elsewhere}</li>`;
    const kind = w.kinds[kindOf(String(contentType))] ?? '';
    const open = showable(String(contentType)) === undefined ? '' : html`<a href="${path}">${w.open(kind)}</a> `;
    return html`<li>!${open}<a href="${path}?save=yes">${w.save(kind)}</a></li>`;
  });
  return links.length === 0 ? '' : html`<ul class="acts">!${links.join('')}</ul>`;
}

/**
 * Reads a document that is stored inline in the attachment.
 * @param place index of the attachment, as text from the address
 */
export function heldDocument(type: string, content: string, index: string): Document | undefined {
  const attachment = /^\d{1,2}$/.test(index) ? attachmentsOf(type, parseJson(content))[Number(index)] : undefined;
  if (typeof attachment?.['data'] !== 'string') return undefined;
  return { contentType: String(attachment['contentType']), bytes: Buffer.from(attachment['data'], 'base64') };
}

function kindOf(contentType: string): string {
  if (essenceOf(contentType) === 'application/pdf') return 'pdf';
  const displayType = showable(contentType);
  if (displayType === undefined) return 'other';
  return displayType.startsWith('image/') ? 'image' : 'text';
}

/**
 * Media types that a browser may display, because displaying them runs no code: no HTML, XML or SVG. A PDF is only
 * offered for download, since some browsers' PDF viewers don't open inside a sandbox.
 */
const SHOWN = ['text/plain', 'image/png', 'image/jpeg', 'image/gif', 'image/webp'];

function showable(contentType: string): string | undefined {
  const essence = essenceOf(contentType);
  if (!SHOWN.includes(essence)) return undefined;
  return essence === 'text/plain' ? 'text/plain; charset=utf-8' : essence;
}

const essenceOf = (contentType: string): string => (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();

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

type Document = Pick<OwnDocument, 'contentType' | 'bytes'>;

/** Response headers for a document. They keep its content, which comes from outside, from acting in our origin. */
export function documentHeaders({ contentType }: Document, save: boolean): Readonly<Record<string, string>> {
  const displayType = showable(contentType);
  const asAttachment = displayType === undefined || save;
  const essence = essenceOf(contentType);
  const extension = Object.hasOwn(EXTENSIONS, essence) ? EXTENSIONS[essence] : 'bin';
  return {
    'content-type': displayType ?? 'application/octet-stream',
    'content-disposition': `${asAttachment ? 'attachment' : 'inline'}; filename="document.${extension}"`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  };
}
