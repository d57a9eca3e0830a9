/** Media types of a FHIR version. */
export interface MediaTypes {
  readonly json: string;
  readonly xml: string;
  /** Media types of no particular version. A client gets one only if it names it. */
  readonly plain: readonly string[];
}

/** Format of a response. */
export interface ResponseFormat {
  readonly isXml: boolean;
  readonly mediaType: string;
}

/** Names that clients of any version use. A browser, which names neither, gets JSON. */
const JSON_NAMES = ['json', 'text/json', 'application/json', 'application/fhir+json', 'application/json+fhir'];
const XML_NAMES = ['xml', 'text/xml', 'application/xml', 'application/fhir+xml', 'application/xml+fhir'];
const WILDCARDS = ['*/*', 'application/*', 'text/html'];

/**
 * Chooses the response format. `_format` takes precedence over the Accept header (FHIR R4 §3.1.0.1.9, DSTU2 §2.1.0.6). A
 * client that doesn't request XML gets JSON, and no request fails because of a media type.
 */
export function negotiateFormat(
  types: MediaTypes,
  accept: string | undefined,
  format: string | undefined,
): ResponseFormat {
  // A plus sign that was not escaped in the address arrives as a space.
  const requested = format ? mediaTypeEssence(format).replace(' ', '+') : bestMediaType(accept ?? '');
  const isXml = requested !== undefined && XML_NAMES.includes(requested);
  const own = isXml ? types.xml : types.json;
  const mediaType = requested !== undefined && types.plain.includes(requested) ? requested : own;
  return { isXml, mediaType: `${mediaType}; charset=utf-8` };
}

/** Media types that can only mean a resource. */
const FHIR_MEDIA_TYPES = [
  'application/fhir+json',
  'application/json+fhir',
  'application/fhir+xml',
  'application/xml+fhir',
];

/**
 * Returns the media type by which a client requests a Binary as a resource (FHIR R4, Binary, "Serving Binary Resources
 * using the RESTful API"). In Accept, the type with the greatest weight must be a FHIR type. `_format` may use any name.
 * @returns undefined if the client requests the bytes
 */
export function requestedFhirType(accept: string | undefined, format: string | undefined): string | undefined {
  if (format) return [...JSON_NAMES, ...XML_NAMES].find((name) => name === mediaTypeEssence(format).replace(' ', '+'));
  const ranges = (accept ?? '')
    .split(',')
    .map((range) => ({ type: mediaTypeEssence(range), weight: qualityWeight(range) }));
  const greatest = Math.max(...ranges.map(({ weight }) => weight));
  const [first] = ranges.filter(({ weight }) => weight === greatest && weight > 0);
  return FHIR_MEDIA_TYPES.find((name) => name === first?.type);
}

/** Returns the first known type with the greatest weight. Weight 0 rules a type out. RFC 9110 §12.5.1 */
function bestMediaType(accept: string): string | undefined {
  let found: { readonly type: string; readonly weight: number } | undefined;
  for (const range of accept.split(',')) {
    const [type, weight] = [mediaTypeEssence(range), qualityWeight(range)];
    const isKnown = JSON_NAMES.includes(type) || XML_NAMES.includes(type) || WILDCARDS.includes(type);
    if (isKnown && weight > (found?.weight ?? 0)) found = { type, weight };
  }
  return found?.type;
}

const mediaTypeEssence = (range: string): string => (range.split(';', 1)[0] ?? '').trim().toLowerCase();

function qualityWeight(range: string): number {
  const [, weight] = /;\s*q=([\d.]+)/i.exec(range) ?? [];
  return weight === undefined ? 1 : Number(weight);
}
