import { html } from 'ghtml';
import { elementsAt, isMistake, isObject, type OwnDocument, parseJson, placedDocumentId } from '../../fhir/index.ts';
import type { Place } from '../place.ts';
import { type EntryText, statusOf } from './entries/entry.ts';
import { referred } from './titles.ts';
import { joined, type Reader } from './values.ts';

export function documentEntry(resource: unknown, reader: Reader): EntryText {
  const { words, concepts, dateAt, text } = reader;
  const { labels } = words;
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

/** DocumentReference.docStatus: of the document itself. undefined: it is final */
const draftOf = (resource: unknown, { coded, words }: Reader): string | undefined =>
  isMistake(resource) || elementsAt(resource, 'docStatus').includes('final')
    ? undefined
    : coded(resource, 'docStatus', words.statuses);

/** Where types have what can be opened. */
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

/** Its contents, each to be opened by itself. No address that came with the record is ever linked to. */
export function documentLinks({ base, words }: Place, { type, id }: { type: string; id: string }, resource: unknown) {
  const { document: w } = words.own;
  const links = attachmentsOf(type, resource).map(({ url, data, contentType }, index) => {
    const kept = typeof url === 'string' ? placedDocumentId(url) : undefined;
    const own = typeof data === 'string' ? `${base}/record/attachments/${type}/${id}/${index}` : undefined;
    const path = kept === undefined ? own : `${base}/record/documents/${kept}`;
    if (path === undefined) return html`<li>${w.elsewhere}</li>`;
    const kind = w.kinds[kindOf(String(contentType))] ?? '';
    const open = showable(String(contentType)) === undefined ? '' : html`<a href="${path}">${w.open(kind)}</a> `;
    return html`<li>!${open}<a href="${path}?save=yes">${w.save(kind)}</a></li>`;
  });
  return links.length === 0 ? '' : html`<ul class="acts">!${links.join('')}</ul>`;
}

/** What an attachment holds itself. */
export function heldDocument(type: string, content: string, place: string): Document | undefined {
  const attachment = /^\d{1,2}$/.test(place) ? attachmentsOf(type, parseJson(content))[Number(place)] : undefined;
  if (typeof attachment?.['data'] !== 'string') return undefined;
  return { contentType: String(attachment['contentType']), bytes: Buffer.from(attachment['data'], 'base64') };
}

function kindOf(contentType: string): string {
  if (essenceOf(contentType) === 'application/pdf') return 'pdf';
  const shown = showable(contentType);
  if (shown === undefined) return 'other';
  return shown.startsWith('image/') ? 'image' : 'text';
}

/**
 * What a browser may show without running anything: neither HTML nor XML, and of pictures none that is a program. A PDF is
 * saved: browsers have viewers of their own for it, some of which a sandbox keeps from opening.
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

/** How the bytes of a document are answered with: whoever wrote it must not act in our origin. */
export function documentHeaders({ contentType }: Document, save: boolean): Readonly<Record<string, string>> {
  const shown = showable(contentType);
  const kept = shown === undefined || save;
  const essence = essenceOf(contentType);
  const extension = Object.hasOwn(EXTENSIONS, essence) ? EXTENSIONS[essence] : 'bin';
  return {
    'content-type': shown ?? 'application/octet-stream',
    'content-disposition': `${kept ? 'attachment' : 'inline'}; filename="document.${extension}"`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  };
}
