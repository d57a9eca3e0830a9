/**
 * Start of the URL of a document in a stored resource. The URL is only a placeholder, because the same resource is
 * served at several base URLs. The response replaces it by a real URL without parsing the resource.
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
 * Returns the short name of a media type that is part of a document's placeholder URL. Downloads use it as file
 * extension.
 */
export function documentExtension(contentType: string): string {
  const [essence = ''] = contentType.toLowerCase().split(';', 1);
  return FILE_EXTENSIONS[essence.trim()] ?? 'bin';
}

/**
 * Builds the placeholder URL that stored resources have for a document.
 * @param id UUID of the document
 */
export const documentPlaceholder = (contentType: string, id: string): string =>
  `${PLACEHOLDER_PREFIX}${documentExtension(contentType)}-${id}`;

/** Matches the placeholder URL of a document in JSON text, including the quotes. */
const PLACEHOLDER_PATTERN = new RegExp(`"${PLACEHOLDER_PREFIX}[a-z]{2,4}-([0-9a-f-]{36})"`, 'g');

/**
 * Replaces the placeholder URLs of documents by `{base}/Binary/{id}`. Some clients read every URL below the base as
 * `Type/id`, so a Binary resource exists at this address.
 * @param content JSON text of a resource
 * @returns JSON text
 */
export const withDocumentUrls = (content: string, base: string): string =>
  content.replaceAll(PLACEHOLDER_PATTERN, (_, id: string) => `"${base}/Binary/${id}"`);

/** Returns the ids of all documents whose placeholder URLs occur in the JSON text of a stored resource. */
export const findDocumentIds = (content: string): readonly string[] =>
  [...content.matchAll(PLACEHOLDER_PATTERN)].map(([, id = '']) => id);

/**
 * Reads the document id from a name such as `pdf-6a0e…`. Document URLs once ended in such a name, and
 * `{base}/document/pdf-6a0e…` still works.
 */
export const parseLegacyDocumentName = (name: string): string | undefined =>
  /^[a-z]{2,4}-([0-9a-f-]{36})$/i.exec(name)?.[1]?.toLowerCase();

/**
 * Reads the document id from the URL of a stored attachment. Returns undefined if the URL isn't one of a document of
 * this server.
 */
export const parseDocumentPlaceholder = (url: string): string | undefined =>
  url.startsWith(PLACEHOLDER_PREFIX) ? parseLegacyDocumentName(url.slice(PLACEHOLDER_PREFIX.length)) : undefined;
