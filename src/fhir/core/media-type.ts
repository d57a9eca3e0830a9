/** What a version of FHIR calls its answers. */
export interface MediaTypes {
  readonly json: string;
  readonly xml: string;
  /** Types of no version, which answer whoever asks for them by name. */
  readonly plain: readonly string[];
}

/** How an answer is written. */
export interface Format {
  readonly isXml: boolean;
  readonly mediaType: string;
}

/** The spellings that clients of any version use; a page in a browser, which knows neither, is shown JSON. */
const JSON_NAMES = ['json', 'text/json', 'application/json', 'application/fhir+json', 'application/json+fhir'];
const XML_NAMES = ['xml', 'text/xml', 'application/xml', 'application/fhir+xml', 'application/xml+fhir'];
const ANY = ['*/*', 'application/*', 'text/html'];

/**
 * `_format` before the header. FHIR R4 §3.1.0.1.9, DSTU2 §2.1.0.6: JSON to whoever does not ask for XML. Nobody is refused
 * for a type that can't be given.
 */
export function formatOf(types: MediaTypes, accept: string | undefined, format: string | undefined): Format {
  // A plus sign that was not escaped in the address arrives as a space.
  const asked = format ? essenceOf(format).replace(' ', '+') : best(accept ?? '');
  const isXml = asked !== undefined && XML_NAMES.includes(asked);
  const own = isXml ? types.xml : types.json;
  const mediaType = asked !== undefined && types.plain.includes(asked) ? asked : own;
  return { isXml, mediaType: `${mediaType}; charset=utf-8` };
}

/** Of no other thing than a resource. */
const OF_FHIR = ['application/fhir+json', 'application/json+fhir', 'application/fhir+xml', 'application/xml+fhir'];

/**
 * FHIR R4, Binary, "Serving Binary Resources using the RESTful API": the media type by which a resource is asked for where
 * bytes could be meant. The type with the greatest weight has to be one of FHIR; `_format` says it by any name.
 * @returns undefined: bytes are meant
 */
export function fhirTypeNamed(accept: string | undefined, format: string | undefined): string | undefined {
  if (format) return [...JSON_NAMES, ...XML_NAMES].find((name) => name === essenceOf(format).replace(' ', '+'));
  const ranges = (accept ?? '').split(',').map((range) => ({ type: essenceOf(range), weight: weightOf(range) }));
  const greatest = Math.max(...ranges.map(({ weight }) => weight));
  const [first] = ranges.filter(({ weight }) => weight === greatest && weight > 0);
  return OF_FHIR.find((name) => name === first?.type);
}

/** Of the types that are understood, the first with the greatest weight; weight 0 is a refusal. RFC 9110 §12.5.1 */
function best(accept: string): string | undefined {
  let found: { readonly type: string; readonly weight: number } | undefined;
  for (const range of accept.split(',')) {
    const [type, weight] = [essenceOf(range), weightOf(range)];
    const isKnown = JSON_NAMES.includes(type) || XML_NAMES.includes(type) || ANY.includes(type);
    if (isKnown && weight > (found?.weight ?? 0)) found = { type, weight };
  }
  return found?.type;
}

const essenceOf = (range: string): string => (range.split(';', 1)[0] ?? '').trim().toLowerCase();

function weightOf(range: string): number {
  const [, weight] = /;\s*q=([\d.]+)/i.exec(range) ?? [];
  return weight === undefined ? 1 : Number(weight);
}
