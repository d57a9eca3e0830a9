/** How to serve a file whose content type was declared by someone else. */
export interface ServedContentType {
  /** The declared content type, or `application/octet-stream` if the bytes contradict it. */
  readonly contentType: string;
  /**
   * Content type for the extension of the file's name. If the bytes contradict the declared type, it is the type that the
   * bytes have, or `application/octet-stream`.
   */
  readonly nameType: string;
  readonly isMismatch: boolean;
}

const UNKNOWN_TYPE = 'application/octet-stream';

/** Bytes at the start of a file that are looked at. The limit keeps hostile files from occupying the parsers. */
const SAMPLE_BYTES = 4100;

/** Types whose files begin with a signature that no text and no other file begins with. */
const SIGNED_TYPES: readonly string[] = [
  'application/pdf',
  'application/rtf',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/tiff',
  'image/webp',
];

/** Programs. Their signatures are only compared with types other than text, because they are short. */
const PROGRAM_TYPES: readonly string[] = ['application/x-elf', 'application/x-mach-binary', 'application/x-msdownload'];

/** Other names of content types, in lower case. */
const SYNONYMS: Readonly<Record<string, string>> = {
  'application/x-pdf': 'application/pdf',
  'application/x-rtf': 'application/rtf',
  'image/apng': 'image/png',
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'text/rtf': 'application/rtf',
};

/**
 * Compares the first bytes of a file with its declared content type (OWASP ASVS 5.0, 5.2.2). A type without a signature
 * counts as right, unless the bytes have the signature of another type; text counts as right if it has no bytes that only
 * binary files have.
 * @param declared content type, with parameters if it has some
 */
export async function findServedType(declared: string, bytes: Uint8Array): Promise<ServedContentType> {
  const found = await detectType(bytes);
  if (matches(toEssence(declared), found, bytes))
    return { contentType: declared, nameType: declared, isMismatch: false };
  return { contentType: UNKNOWN_TYPE, nameType: found ?? UNKNOWN_TYPE, isMismatch: true };
}

function matches(declared: string, found: string | undefined, bytes: Uint8Array): boolean {
  if (declared === UNKNOWN_TYPE || declared === found) return true;
  if (SIGNED_TYPES.includes(declared)) return declared === 'application/pdf' && hasLatePdfHeader(bytes);
  if (found !== undefined && SIGNED_TYPES.includes(found)) return false;
  if (isTextType(declared)) return !hasBinaryBytes(bytes);
  return found === undefined || !PROGRAM_TYPES.includes(found);
}

/** Imports the library when the first document is served, so that it doesn't slow down the start. */
async function detectType(bytes: Uint8Array): Promise<string | undefined> {
  const { fileTypeFromBuffer } = await import('file-type');
  const type = await fileTypeFromBuffer(bytes.subarray(0, SAMPLE_BYTES));
  return type && toEssence(type.mime);
}

/** Returns a content type without parameters, in lower case, by the name that is used here. */
function toEssence(contentType: string): string {
  const essence = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  return Object.hasOwn(SYNONYMS, essence) ? (SYNONYMS[essence] ?? essence) : essence;
}

const isTextType = (essence: string): boolean =>
  essence.startsWith('text/') || /^application\/(?:xml|json)$|\+(?:xml|json)$/.test(essence);

/** ISO 32000-1, Annex H.3, note 13: readers accept a PDF header within the first 1024 bytes. */
const hasLatePdfHeader = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 1024)).includes('%PDF-');

/** Tells whether bytes aren't text: they have a binary data byte (WHATWG MIME Sniffing §4.2), and aren't UTF-16. */
function hasBinaryBytes(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if ((first === 0xfe && second === 0xff) || (first === 0xff && second === 0xfe)) return false;
  return bytes.subarray(0, SAMPLE_BYTES).some(isBinaryByte);
}

const isBinaryByte = (byte: number): boolean =>
  byte <= 0x08 || byte === 0x0b || (byte >= 0x0e && byte <= 0x1a) || (byte >= 0x1c && byte <= 0x1f);
