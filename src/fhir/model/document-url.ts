/**
 * Start of the placeholder URL by which a stored resource refers to a document, such as
 * `patient-access:document/pdf-6a0e…`. The stored URL is a placeholder because the same resource is served at several
 * base URLs. `withDocumentUrls` replaces it by a real URL in each response, without parsing the resource.
 */
const PLACEHOLDER_PREFIX = 'patient-access:document/';

/** R4 resource types whose attachments can be documents of this server. */
const TYPES_WITH_DOCUMENTS = ['DocumentReference', 'DiagnosticReport', 'Media'];

/** True if attachments of this R4 resource type can be documents of this server. */
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

/**
 * Returns the file extension for a media type, such as `pdf`. It is part of the placeholder URL of a document, and of
 * the file name of a download.
 */
export function documentExtension(contentType: string): string {
  const [essence = ''] = contentType.toLowerCase().split(';', 1);
  return FILE_EXTENSIONS[essence.trim()] ?? 'bin';
}

/**
 * Builds the placeholder URL by which stored resources refer to a document.
 * @param id UUID of the document
 */
export const documentPlaceholder = (contentType: string, id: string): string =>
  `${PLACEHOLDER_PREFIX}${documentExtension(contentType)}-${id}`;

/** Matches the placeholder URL of a document in JSON text, including the quotes. */
const PLACEHOLDER_PATTERN = new RegExp(`"${PLACEHOLDER_PREFIX}[a-z]{2,4}-([0-9a-f-]{36})"`, 'g');

/**
 * Replaces the placeholder URLs of documents by `{base}/Binary/{id}`. Some clients read every URL below the base as
 * `Type/id`, so the API serves a Binary resource at this URL.
 * @param content JSON text of a resource
 * @returns JSON text
 */
export const withDocumentUrls = (content: string, base: string): string =>
  content.replaceAll(PLACEHOLDER_PATTERN, (_, id: string) => `"${base}/Binary/${id}"`);

/** Returns the ids of all documents whose placeholder URLs occur in the JSON text of a stored resource. */
export const findDocumentIds = (content: string): readonly string[] =>
  [...content.matchAll(PLACEHOLDER_PATTERN)].map(([, id = '']) => id);

/**
 * Reads the document id from a name such as `pdf-6a0e…`. Earlier releases served documents at URLs such as
 * `{base}/document/pdf-6a0e…`, which still work.
 */
export const parseLegacyDocumentName = (name: string): string | undefined =>
  /^[a-z]{2,4}-([0-9a-f-]{36})$/i.exec(name)?.[1]?.toLowerCase();

/**
 * A condition that the store can test on a stored resource alone, by its columns and search index values. If the
 * condition has `values`, one of them has to match.
 */
export const parseDocumentPlaceholder = (url: string): string | undefined =>
  url.startsWith(PLACEHOLDER_PREFIX) ? parseLegacyDocumentName(url.slice(PLACEHOLDER_PREFIX.length)) : undefined;
