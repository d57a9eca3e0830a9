import { parseDocumentPlaceholder, type RecordUser, readRecordDocument } from '../../../fhir/index.ts';
import { emptyHtml, findServedType, type Html, html } from '../../../kernel/index.ts';
import type { PatientPortalDeps } from '../../deps.ts';
import type { PatientPortalContext } from '../../portal-context.ts';
import { displayableType, documentFileName, documentKind, listAttachments } from '../../record/documents.ts';

/** Maximum size of a document in the file, and of all documents together, in bytes. The FHIR file has all documents. */
const MAX_DOCUMENT = 5_000_000;
const MAX_DOCUMENTS = 40_000_000;

/** Renders the documents of a resource as parts of the file: a text, an image, or a link that saves the document. */
export type DocumentEmbedder = (type: string, resource: unknown) => Promise<Html>;

interface EmbeddedDocument {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** Creates the function that embeds documents. It counts their sizes, so that one file doesn't become too large. */
export function createDocumentEmbedder({ db }: PatientPortalDeps, context: PatientPortalContext): DocumentEmbedder {
  const { accountRecord, messages } = context;
  let embedded = 0;
  return async (type, resource) => {
    const parts: Html[] = [];
    for (const attachment of listAttachments(type, resource)) {
      const document = await readAttachment(db, accountRecord, attachment);
      const size = document?.bytes.length ?? 0;
      if (document === undefined || size > MAX_DOCUMENT || embedded + size > MAX_DOCUMENTS) {
        parts.push(html`<p class="hint">${messages.recordDownloads.file.documentElsewhere}</p>`);
        continue;
      }
      embedded += size;
      parts.push(await renderDocument(context, document));
    }
    return parts.length === 0 ? emptyHtml : html`${parts}`;
  };
}

async function readAttachment(
  db: PatientPortalDeps['db'],
  accountRecord: RecordUser,
  { url, data, contentType }: Record<string, unknown>,
): Promise<EmbeddedDocument | undefined> {
  if (typeof data === 'string') return { contentType: String(contentType), bytes: Buffer.from(data, 'base64') };
  const id = typeof url === 'string' ? parseDocumentPlaceholder(url) : undefined;
  return id === undefined ? undefined : readRecordDocument(db, accountRecord, id);
}

async function renderDocument({ messages }: PatientPortalContext, document: EmbeddedDocument): Promise<Html> {
  const { document: w } = messages.patientRecord;
  const { bytes } = document;
  const { contentType, nameType } = await findServedType(document.contentType, bytes);
  const displayType = displayableType(contentType);
  const kind = w.kinds[documentKind(contentType)] ?? '';
  if (displayType?.startsWith('text/') === true) return html`<pre>${bytes.toString('utf8')}</pre>`;
  if (displayType !== undefined)
    return html`<p><img src="data:${displayType};base64,${bytes.toString('base64')}" alt="${kind}"></p>`;
  // A browser saves the link's target and never opens it, so the document can't run in it.
  return html`<p><a download="${documentFileName(nameType)}" href="data:application/octet-stream;base64,${bytes.toString('base64')}">${w.save(kind)}</a></p>`;
}
