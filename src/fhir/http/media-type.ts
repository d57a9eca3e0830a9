/** Media types in which a FHIR version sends resources. */
export interface MediaTypes {
  readonly json: string;
  readonly xml: string;
  /**
   * Media types such as `application/json` that don't belong to one FHIR version. A response has one of them only if
   * the client requests exactly that type.
   */
  readonly plain: readonly string[];
}

/** Format and media type of a response, as negotiated with the client. */
export interface ResponseFormat {
  readonly isXml: boolean;
  readonly mediaType: string;
}

/**
 * Values of `_format` and Accept that mean JSON, whichever FHIR version the client uses. A browser prefers `text/html`,
 * for which it gets JSON as well.
 */
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
  // Query strings decode an unescaped `+` as a space, so `_format=application/fhir+json` arrives with a space.
  const requested = format ? mediaTypeEssence(format).replace(' ', '+') : bestMediaType(accept ?? '');
  const isXml = requested !== undefined && XML_NAMES.includes(requested);
  const own = isXml ? types.xml : types.json;
  const mediaType = requested !== undefined && types.plain.includes(requested) ? requested : own;
  return { isXml, mediaType: `${mediaType}; charset=utf-8` };
}

/**
 * Media types that exist only for FHIR resources. For a Binary, they request the resource instead of the document's
 * bytes.
 */
const FHIR_MEDIA_TYPES = [
  'application/fhir+json',
  'application/json+fhir',
  'application/fhir+xml',
  'application/xml+fhir',
];

/**
 * Returns the FHIR media type if the client requests a Binary as a resource, not as the document's bytes (FHIR R4,
 * Binary, "Serving Binary Resources using the RESTful API"). In the Accept header, the type with the greatest weight
 * must be a FHIR media type. In `_format`, a general name such as `json` is enough.
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

/**
 * Returns the media type with the greatest weight in an Accept header (RFC 9110 §12.5.1). Types that the server doesn't
 * know, and types with weight 0, don't count.
 */
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
