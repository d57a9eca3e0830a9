import table from '../generated/code-systems.json' with { type: 'json' };

const R4 = 'http://terminology.hl7.org/CodeSystem/';
const DSTU2 = 'http://hl7.org/fhir/';

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.split(' '));
const keptV3 = wordsOf(table.v3Kept);
const renamed = wordsOf(table.renamed);
const lost = new Map(Object.entries(table.lost).map(([name, codes]) => [name, wordsOf(codes)]));

/** v2-0203, v3-ActCode: families that DSTU2 has under v2/ and v3/. */
const FAMILY = /^(v2)-(\d{4})$|^(v3)-(\w+)$/;
const DSTU2_FAMILY = /^(v2|v3)\/(\w+)$/;

/**
 * The URI a code system of R4 had in DSTU2. A code that came later keeps the URI of today, as does a code system that
 * DSTU2 lacks: a coding may come from anywhere, but must not name a code that its system never had.
 */
export function dstu2System(uri: string, code?: string): string {
  if (!uri.startsWith(R4)) return uri;
  const name = uri.slice(R4.length);
  const other = dstu2Name(name);
  if (other === undefined || (code !== undefined && lost.get(name)?.has(code) === true)) return uri;
  return DSTU2 + other;
}

/** The URI in R4 of what a DSTU2 client calls a code system; R4's own are understood as well. */
export function storedSystem(uri: string): string {
  if (!uri.startsWith(DSTU2)) return uri;
  const name = uri.slice(DSTU2.length);
  const [, family, member] = DSTU2_FAMILY.exec(name) ?? [];
  const stored = family === undefined ? name : `${family}-${member}`;
  return dstu2Name(stored) === name ? R4 + stored : uri;
}

function dstu2Name(name: string): string | undefined {
  if (renamed.has(name)) return name;
  if (keptV3.has(name)) return undefined;
  const [, v2, number, v3, member] = FAMILY.exec(name) ?? [];
  return v2 !== undefined ? `${v2}/${number}` : v3 !== undefined ? `${v3}/${member}` : undefined;
}
