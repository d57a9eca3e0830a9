// Compiles src/fhir/dstu2/generated/code-systems.json: the R4 code systems that have another URI in DSTU2, as rules
// with exceptions, and their codes that DSTU2 doesn't have. Run again when the source list changes:
// interversion/codesystem-uri-r4-to-dstu2.json in SHARED_DATA, or in ../shared/data beside the checkout.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const R4 = 'http://terminology.hl7.org/CodeSystem/';
const DSTU2 = 'http://hl7.org/fhir/';

const checkout = path.join(import.meta.dirname, '..');
const data = process.env.SHARED_DATA ?? path.join(checkout, '../shared/data');
const list = JSON.parse(readFileSync(path.join(data, 'interversion/codesystem-uri-r4-to-dstu2.json'), 'utf8'));

const joinSorted = (names) => names.toSorted().join(' ');
const renamed = Object.entries(list.map).filter(([uri, { dstu2 }]) => uri !== dstu2);
for (const [uri, { dstu2 }] of renamed)
  if (dstu2 !== byPattern(uri)) throw new Error(`No rule covers ${uri} -> ${dstu2}`);

const names = renamed.map(([uri]) => uri.slice(R4.length));
const lost = renamed.filter(([, { lostCodes }]) => lostCodes.length > 0);
const table = {
  // Systems of v3 that keep their URI. All others of the families v2-NNNN and v3-Name are renamed.
  v3Kept: joinSorted(list.noDstu2System.filter((uri) => uri.startsWith(`${R4}v3-`)).map((uri) => uri.slice(R4.length))),
  // Renamed systems that belong to neither v2 nor v3. There are no others.
  renamed: joinSorted(names.filter((name) => !/^v[23]-/.test(name))),
  // Codes that are new in R4. A coding with one of them keeps its R4 URI.
  lost: Object.fromEntries(
    lost.map(([uri, { lostCodes }]) => [uri.slice(R4.length), joinSorted(lostCodes)]).toSorted(),
  ),
};
const target = path.join(checkout, 'src/fhir/dstu2/generated/code-systems.json');
writeFileSync(target, `${JSON.stringify(table, null, 1)}\n`);
console.log(`${renamed.length} code systems, ${Object.values(table.lost).join(' ').split(' ').length} lost codes`);

function byPattern(uri) {
  const name = uri.slice(R4.length);
  if (!uri.startsWith(R4)) return uri;
  return DSTU2 + name.replace(/^(v[23])-/, '$1/');
}
