const DSTU2 = 'application/json+fhir; charset=utf-8';
const PLAIN = 'application/json; charset=utf-8';

/**
 * `application/json` to whoever asks for that, DSTU2's own type to everyone else: nobody is refused for a type that can't
 * be given. `_format` goes before the header.
 */
export function mediaType(accept: string | undefined, format: string | undefined): string {
  // A plus sign that was not escaped in the address arrives as a space.
  if (format !== undefined) return essenceOf(format.replace(' ', '+')) === 'application/json' ? PLAIN : DSTU2;
  return best(accept ?? '') === 'application/json' ? PLAIN : DSTU2;
}

/** The first of the types with the greatest weight; RFC 9110 §12.5.1. */
function best(accept: string): string | undefined {
  const ranges = accept.split(',').map((range) => ({ type: essenceOf(range), weight: weightOf(range) }));
  return ranges.reduce((one, other) => (other.weight > one.weight ? other : one)).type;
}

const essenceOf = (range: string): string => (range.split(';', 1)[0] ?? '').trim().toLowerCase();

function weightOf(range: string): number {
  const [, weight] = /;\s*q=([\d.]+)/i.exec(range) ?? [];
  return weight === undefined ? 1 : Number(weight);
}
