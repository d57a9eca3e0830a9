import { html } from 'ghtml';
import { elementsAt, isObject, type OwnDocument, placedDocumentId } from '../../fhir/index.ts';
import type { Place } from '../place.ts';
import type { EntryText } from './sections.ts';
import type { Reader } from './values.ts';

export function documentEntry(resource: unknown, { words, concepts, dateAt, text, texts, coded }: Reader): EntryText {
  const { labels } = words;
  return {
    title: concepts(resource, 'type') ?? text(resource, 'description', 'content.attachment.title'),
    when: dateAt(resource, 'date', 'context.period.start'),
    facts: [
      [labels.note, text(resource, 'description')],
      [labels.author, texts(resource, 'author.display')],
      [labels.kind, concepts(resource, 'category')],
      [labels.status, coded(resource, 'status', words.statuses)],
    ],
  };
}

/** Its contents, each to be opened by itself. No address that came with the record is ever linked to. */
export function documentLinks({ base, words }: Place, resource: unknown): string {
  const { document: w } = words.own;
  const attachments = elementsAt(resource, 'content.attachment').filter(isObject).slice(0, 20);
  const links = attachments.map(({ url, contentType }) => {
    const id = typeof url === 'string' ? placedDocumentId(url) : undefined;
    if (id === undefined) return html`<li>${w.elsewhere}</li>`;
    const kind = w.kinds[kindOf(String(contentType))] ?? '';
    const path = `${base}/record/documents/${id}`;
    const open = showable(String(contentType)) === undefined ? '' : html`<a href="${path}">${w.open(kind)}</a> `;
    return html`<li>!${open}<a href="${path}?save=yes">${w.save(kind)}</a></li>`;
  });
  return links.length === 0 ? '' : html`<ul class="acts">!${links.join('')}</ul>`;
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

/** How the bytes of a document are answered with: whoever wrote it must not act in our origin. */
export function documentHeaders({ contentType }: OwnDocument, save: boolean): Readonly<Record<string, string>> {
  const shown = showable(contentType);
  const kept = shown === undefined || save;
  return {
    'content-type': shown ?? 'application/octet-stream',
    'content-disposition': `${kept ? 'attachment' : 'inline'}; filename="document.${EXTENSIONS[essenceOf(contentType)] ?? 'bin'}"`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  };
}
