import table from '../../generated/code-systems.json' with { type: 'json' };

const R4 = 'http://terminology.hl7.org/CodeSystem/';
const DSTU2 = 'http://hl7.org/fhir/';

const splitWords = (text: string): ReadonlySet<string> => new Set(text.split(' '));
const unchangedV3Systems = splitWords(table.v3Kept);
const renamedSystems = splitWords(table.renamed);
const codesMissingInDstu2 = new Map(Object.entries(table.lost).map(([name, codes]) => [name, splitWords(codes)]));

/**
 * HL7 v2 tables and v3 code systems. R4 URIs end in `v2-0203` or `v3-ActCode`, DSTU2 URIs in `v2/0203` or `v3/ActCode`.
 */
const FAMILY = /^(v2)-(\d{4})$|^(v3)-(\w+)$/;
const DSTU2_FAMILY = /^(v2|v3)\/(\w+)$/;

/**
 * Returns the DSTU2 URI of an R4 code system. A code that was added after DSTU2 keeps the R4 URI, because the DSTU2
 * system never had it. A code system that DSTU2 lacks keeps its URI too, because a coding may use any system.
 */
export function dstu2System(uri: string, code?: string): string {
  if (!uri.startsWith(R4)) return uri;
  const name = uri.slice(R4.length);
  const other = dstu2Name(name);
  if (other === undefined || (code !== undefined && codesMissingInDstu2.get(name)?.has(code) === true)) return uri;
  return DSTU2 + other;
}

/** Returns the R4 URI of a code system in a DSTU2 request. An R4 URI is returned unchanged. */
export function r4System(uri: string): string {
  if (!uri.startsWith(DSTU2)) return uri;
  const name = uri.slice(DSTU2.length);
  const [, family, member] = DSTU2_FAMILY.exec(name) ?? [];
  const stored = family === undefined ? name : `${family}-${member}`;
  return dstu2Name(stored) === name ? R4 + stored : uri;
}

function dstu2Name(name: string): string | undefined {
  if (renamedSystems.has(name)) return name;
  if (unchangedV3Systems.has(name)) return undefined;
  const [, v2, number, v3, member] = FAMILY.exec(name) ?? [];
  return v2 !== undefined ? `${v2}/${number}` : v3 !== undefined ? `${v3}/${member}` : undefined;
}
