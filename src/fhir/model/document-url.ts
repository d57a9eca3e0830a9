/**
 * Start of a stored document URL. The URL is a placeholder, because the same record is served at several base URLs. It is
 * completed in the response, without parsing the resource.
 */
const PLACEHOLDER_PREFIX = 'patient-access:document/';

/** Stored types. */
const TYPES_WITH_DOCUMENTS = ['DocumentReference', 'DiagnosticReport', 'Media'];

/** True if attachments of a stored type may point to documents of this server. */
export const mayHaveDocuments = (type: string): boolean => TYPES_WITH_DOCUMENTS.includes(type);

const FILE_EXTENSIONS: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/xml': 'xml',
  'text/xml': 'xml',
  'text/plain': 'txt',
  'text/html': 'html',
  'application/rtf': 'rtf',
  'text/rtf': 'rtf',
};

/** Short name of a media type in placeholders. It is also the file extension of a download. */
export function documentExtension(contentType: string): string {
  const [essence = ''] = contentType.toLowerCase().split(';', 1);
  return FILE_EXTENSIONS[essence.trim()] ?? 'bin';
}

/** Builds the stored URL of a document. @param id UUID of the document */
export const documentPlaceholder = (contentType: string, id: string): string =>
  `${PLACEHOLDER_PREFIX}${documentExtension(contentType)}-${id}`;

/** Matches a placeholder in JSON text. */
const PLACEHOLDER_PATTERN = new RegExp(`"${PLACEHOLDER_PREFIX}[a-z]{2,4}-([0-9a-f-]{36})"`, 'g');

/**
 * Replaces placeholders by `{base}/Binary/{id}`. Clients that take every URL below the base for `Type/id` find a resource
 * there.
 * @param content JSON text of a resource
 * @returns JSON text
 */
export const withDocumentUrls = (content: string, base: string): string =>
  content.replaceAll(PLACEHOLDER_PATTERN, (_, id: string) => `"${base}/Binary/${id}"`);

/** Lists the ids of the documents to which the JSON text of a stored resource points. */
export const findDocumentIds = (content: string): readonly string[] =>
  [...content.matchAll(PLACEHOLDER_PATTERN)].map(([, id = '']) => id);

/** Reads the id from `pdf-6a0e…`. Document URLs once had this form, and `{base}/document/pdf-6a0e…` still works. */
export const parseLegacyDocumentName = (name: string): string | undefined =>
  /^[a-z]{2,4}-([0-9a-f-]{36})$/i.exec(name)?.[1]?.toLowerCase();

/** Returns the id of the document to which a stored attachment points, or undefined if it points elsewhere. */
export const parseDocumentPlaceholder = (url: string): string | undefined =>
  url.startsWith(PLACEHOLDER_PREFIX) ? parseLegacyDocumentName(url.slice(PLACEHOLDER_PREFIX.length)) : undefined;
