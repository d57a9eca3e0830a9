/**
 * The address of a document within this server. It is stored as a placeholder, because the same record is served at
 * several bases, and completed on the way out without reading the resource.
 */
const PLACEHOLDER = 'patient-access:document/';

/** As stored. */
const TYPES = ['DocumentReference', 'DiagnosticReport', 'Media'];

/** Whether attachments of a type may lead there. */
export const mayHaveDocuments = (type: string): boolean => TYPES.includes(type);

const KINDS: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/xml': 'xml',
  'text/xml': 'xml',
  'text/plain': 'txt',
  'text/html': 'html',
  'application/rtf': 'rtf',
  'text/rtf': 'rtf',
};

/** Also the extension of the file that is offered. */
export function documentKind(contentType: string): string {
  const [essence = ''] = contentType.toLowerCase().split(';', 1);
  return KINDS[essence.trim()] ?? 'bin';
}

export const documentPlaceholder = (contentType: string, id: string): string =>
  `${PLACEHOLDER}${documentKind(contentType)}-${id}`;

/** As a placeholder stands in JSON text. */
const PLACED = new RegExp(`"${PLACEHOLDER}[a-z]{2,4}-([0-9a-f-]{36})"`, 'g');

/**
 * A document's address is `{base}/Binary/{id}`, so that clients that take every address below the base for `Type/id` find a
 * resource there.
 * @param content JSON text of a resource with documents
 */
export const withDocumentAddresses = (content: string, base: string): string =>
  content.replaceAll(PLACED, (_, id: string) => `"${base}/Binary/${id}"`);

/** Those of the documents that JSON text of a resource points to. */
export const placedDocumentIds = (content: string): readonly string[] =>
  [...content.matchAll(PLACED)].map(([, id = '']) => id);

/** The id in `pdf-6a0e…`, the form that document addresses had before: `{base}/document/pdf-6a0e…` still leads there. */
export const documentIdOf = (name: string): string | undefined =>
  /^[a-z]{2,4}-([0-9a-f-]{36})$/i.exec(name)?.[1]?.toLowerCase();

/** The id of the document that a stored attachment points to; undefined: it points elsewhere. */
export const placedDocumentId = (url: string): string | undefined =>
  url.startsWith(PLACEHOLDER) ? documentIdOf(url.slice(PLACEHOLDER.length)) : undefined;
