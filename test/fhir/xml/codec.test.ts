import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dstu2Elements } from '../../../src/fhir/dstu2/elements.ts';
import { fromXml } from '../../../src/fhir/model/xml/from-xml.ts';
import { toXml } from '../../../src/fhir/model/xml/to-xml.ts';
import { r4Elements } from '../../../src/fhir/r4/elements.ts';
import { normalizeJson } from './compare.ts';

const BEGIN = '<?xml version="1.0" encoding="UTF-8"?>';
const FHIR = 'xmlns="http://hl7.org/fhir"';
const XHTML = 'xmlns="http://www.w3.org/1999/xhtml"';

const written = (resource: object) => toXml(JSON.stringify(resource), r4Elements).slice(BEGIN.length);
const read = (xml: string) => JSON.parse(fromXml(xml, r4Elements));
const withText = (div: string) => ({ resourceType: 'Basic', text: { status: 'generated', div }, code: { text: 'x' } });
const narrativeOf = (div: string) => /<\/?status[^>]*>(.*)<\/text>/s.exec(written(withText(div)))?.[1];

const PATIENT = {
  resourceType: 'Patient',
  birthDate: '1970-03',
  _birthDate: { id: 'born', extension: [{ url: 'urn:time', valueDateTime: '1970-03-30T14:35:45-05:00' }] },
  deceasedBoolean: false,
  multipleBirthInteger: 2,
  name: [
    {
      id: 'n1',
      given: ['Ann', null, 'C. <& "D">'],
      _given: [null, { extension: [{ url: 'urn:absent', valueCode: 'masked' }] }],
      family: 'Lee',
    },
    { text: 'Two\nlines\tof it' },
  ],
  _gender: { extension: [{ url: 'urn:absent', valueCode: 'unknown' }] },
  extension: [{ url: 'urn:outer', extension: [{ url: 'urn:inner', valueDecimal: 1.5 }] }],
  contained: [
    { resourceType: 'Organization', id: 'o1', name: 'One' },
    { resourceType: 'Practitioner', id: 'p1' },
  ],
  managingOrganization: { reference: '#o1' },
  text: { status: 'generated', div: `<div ${XHTML}>Ann <b>Lee</b></div>` },
  meta: { lastUpdated: '2026-01-01T00:00:00Z', tag: [{ code: 't' }] },
  id: 'ann',
};

const PATIENT_XML = `<Patient ${FHIR}>
<id value="ann"/>
<meta><lastUpdated value="2026-01-01T00:00:00Z"/><tag><code value="t"/></tag></meta>
<text><status value="generated"/><div ${XHTML}>Ann <b>Lee</b></div></text>
<contained><Organization><id value="o1"/><name value="One"/></Organization></contained>
<contained><Practitioner><id value="p1"/></Practitioner></contained>
<extension url="urn:outer"><extension url="urn:inner"><valueDecimal value="1.5"/></extension></extension>
<name id="n1"><family value="Lee"/><given value="Ann"/><given><extension url="urn:absent"><valueCode value="masked"/></extension></given><given value="C. &lt;&amp; &quot;D&quot;&gt;"/></name>
<name><text value="Two&#10;lines&#9;of it"/></name>
<gender><extension url="urn:absent"><valueCode value="unknown"/></extension></gender>
<birthDate value="1970-03" id="born"><extension url="urn:time"><valueDateTime value="1970-03-30T14:35:45-05:00"/></extension></birthDate>
<deceasedBoolean value="false"/>
<multipleBirthInteger value="2"/>
<managingOrganization><reference value="#o1"/></managingOrganization>
</Patient>`;

describe('XML of a resource (FHIR R4 §2.6.1)', () => {
  it('has the elements in their order, and ids, extensions and contained resources in their places', () => {
    expect(written(PATIENT)).toBe(PATIENT_XML.replaceAll('\n', ''));
  });

  it('is read back as the same JSON', () => {
    expect(read(PATIENT_XML)).toEqual({
      ...PATIENT,
      name: [
        { ...PATIENT.name[0], _given: [null, { extension: [{ url: 'urn:absent', valueCode: 'masked' }] }, null] },
        PATIENT.name[1],
      ],
    });
  });

  it('of DSTU2 follows the definitions of DSTU2 (DSTU2 §1.17)', () => {
    const order = {
      resourceType: 'MedicationOrder',
      dosageInstruction: [{ asNeededBoolean: true, doseQuantity: { value: 1 } }],
      medicationCodeableConcept: { text: 'Aspirin' },
      dateWritten: '2015',
    };
    const xml = toXml(JSON.stringify(order), dstu2Elements);
    expect(xml).toBe(
      `${BEGIN}<MedicationOrder ${FHIR}><dateWritten value="2015"/><medicationCodeableConcept><text value="Aspirin"/></medicationCodeableConcept>` +
        '<dosageInstruction><asNeededBoolean value="true"/><doseQuantity><value value="1"/></doseQuantity></dosageInstruction></MedicationOrder>',
    );
    expect(JSON.parse(fromXml(xml, dstu2Elements))).toEqual(order);
    expect(() => fromXml(xml, r4Elements)).toThrow('MedicationOrder isn’t a resource type of this FHIR version.');
    const named = { resourceType: 'Patient', name: [{ family: ['Lee', 'Ho'] }] };
    expect(JSON.parse(fromXml(toXml(JSON.stringify(named), dstu2Elements), dstu2Elements))).toEqual(named);
  });

  it.each([
    ['recursive elements', { resourceType: 'Questionnaire', item: [{ linkId: '1', item: [{ linkId: '1.1' }] }] }],
    [
      'elements that are defined by reference',
      { resourceType: 'Observation', component: [{ code: { text: 'x' }, referenceRange: [{ text: 'r' }] }] },
    ],
    [
      'an element with the name of a JavaScript property',
      { resourceType: 'ExampleScenario', instance: [{ resourceType: 'Patient' }] },
    ],
    [
      'resources in a Bundle',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: { resourceType: 'Binary', data: 'YQ==' } }] },
    ],
    [
      'resources in Parameters',
      { resourceType: 'Parameters', parameter: [{ name: 'a', resource: { resourceType: 'Basic' } }, { name: 'b' }] },
    ],
    ['nothing but a type', { resourceType: 'Patient' }],
    [
      'a list with extensions alone',
      { resourceType: 'Patient', name: [{ _given: [{ extension: [{ url: 'urn:a', valueCode: 'b' }] }] }] },
    ],
  ])('preserves %s', (_, resource) => {
    expect(normalizeJson(JSON.stringify(read(written(resource))))).toBe(normalizeJson(JSON.stringify(resource)));
  });

  it('preserves numbers as written (FHIR R4 §2.6.2: the precision of a decimal is part of its value)', () => {
    const number = fc.stringMatching(/^-?(0|[1-9]\d{0,20})(\.\d{1,20})?([eE][+-]?\d{1,2})?$/);
    fc.assert(
      fc.property(number, (text) => {
        const json = `{"resourceType":"Observation","valueQuantity":{"value":${text}}}`;
        const xml = toXml(json, r4Elements);
        expect(xml).toContain(`<value value="${text}"/>`);
        expect(fromXml(xml, r4Elements)).toBe(json);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('preserves any text', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((one) => !/[^\P{Cc}\t\n\r\u0080-\u009f]/u.test(one));
    fc.assert(
      fc.property(text, (value) => {
        expect(read(written({ resourceType: 'Basic', implicitRules: value })).implicitRules).toBe(value);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('replaces characters that XML 1.0 doesn’t allow', () => {
    const { implicitRules } = read(written({ resourceType: 'Basic', implicitRules: 'a\u000bb\u0000\ud800c😀\uffff' }));
    expect(implicitRules).toBe('a\ufffdb\ufffd\ufffdc😀\ufffd');
  });
});

describe('content that FHIR XML can’t represent', () => {
  it.each([
    ['unknown elements', { surname: 'Lee', _surname: {}, __proto__: null }],
    ['comments of DSTU2’s JSON', { fhir_comments: ['a'], _birthDate: { fhir_comments: ['b'] } }],
    ['nulls and empty values', { gender: null, name: [], maritalStatus: {}, contact: [{}, { name: { _family: {} } }] }],
    ['a list for a single element', { gender: ['male', 'female'], maritalStatus: [{ text: 'x' }] }],
    ['text for a complex element, and the reverse', { name: ['Lee'], gender: { text: 'x' } }],
    ['resources of another version', { contained: [{ resourceType: 'MedicationOrder' }, { text: 'none' }, 'x'] }],
    ['the other half of an element that has none', { _name: [{ id: 'a' }], _id: 'x' }],
  ])('is left out: %s', (_, parts) => {
    expect(written({ resourceType: 'Patient', active: true, ...parts })).toBe(
      `<Patient ${FHIR}><active value="true"/></Patient>`,
    );
  });

  it('doesn’t include a single value for a repeating element', () => {
    expect(read(written({ resourceType: 'Patient', name: { family: 'Lee' } })).name).toEqual([{ family: 'Lee' }]);
  });

  it.each([
    '{}',
    '[]',
    '"Patient"',
    '{"resourceType":"Resource"}',
    '{"resourceType":"constructor"}',
    '{"resourceType":1}',
  ])('is rejected if it is %s, not a resource', (json) => {
    expect(() => toXml(json, r4Elements)).toThrow('This isn’t a resource of this FHIR version.');
  });

  it('includes endless nesting', () => {
    const nested = `${'{"url":"a","extension":['.repeat(200)}${']}'.repeat(200)}`;
    expect(() => toXml(`{"resourceType":"Patient","extension":[${nested}]}`, r4Elements)).toThrow('nested too deep');
  });
});

describe('narratives (FHIR R4 §2.4.1)', () => {
  it.each([
    ['markup', `<div ${XHTML}><p class="a">1 &lt; 2 &amp; 3</p></div>`, '<p class="a">1 &lt; 2 &amp; 3</p>'],
    ['entities of HTML', `<div ${XHTML}>caf&eacute;&nbsp;&mdash;&#8364;&#x20ac;</div>`, 'café\u00a0—€€'],
    [
      'entities in attributes',
      `<div ${XHTML}><a title="&copy; &quot;me&quot;" href="#x">a</a></div>`,
      '<a title="© &quot;me&quot;" href="#x">a</a>',
    ],
    ['comments and processing instructions', `<div ${XHTML}>a<!-- b --><?c d?>e</div>`, 'ae'],
    ['CDATA sections', `<div ${XHTML}><![CDATA[a < b]]></div>`, 'a &lt; b'],
    [
      'empty elements',
      `<div ${XHTML}><br></br><hr/><td/><img alt="a" src="b"/></div>`,
      '<br/><hr/><td></td><img alt="a" src="b"/>',
    ],
    ['white space', `<div ${XHTML}>\n <pre>a\n  b</pre>\n</div>`, '\n <pre>a\n  b</pre>\n'],
    ['a character that XML doesn’t allow', `<div ${XHTML}>a\u000b<b>c</b></div>`, 'a\ufffd<b>c</b>'],
    ['a div without a namespace', '<div><p>a</p></div>', '<p>a</p>'],
  ])('with %s are valid XHTML', (_, div, inner) => {
    expect(narrativeOf(div)).toBe(`<div ${XHTML}>${inner}</div>`);
  });

  it('keep the attributes of the div, and the language', () => {
    const div = `<div ${XHTML} xml:lang="es" class="a">á</div>`;
    expect(narrativeOf(div)).toBe(div);
    expect(read(written(withText(div))).text.div).toBe(div);
  });

  it('are the same text in JSON as in XML, whatever prefix they had', () => {
    const xml = `<f:Basic xmlns:f="http://hl7.org/fhir" xmlns:h="http://www.w3.org/1999/xhtml"><f:text><f:status value="generated"/><h:div><h:p h:class="x">a</h:p></h:div></f:text></f:Basic>`;
    expect(() => read(xml)).toThrow('h:class');
    expect(read(xml.replace('h:class', 'class')).text.div).toBe(`<div ${XHTML}><p class="x">a</p></div>`);
  });

  it.each([
    '<div>1 < 2</div>',
    '<div>a<br>b</div>',
    'no markup',
    '<p>a</p>',
    '<div>a</div><div>b</div>',
    '<div><svg xmlns="http://www.w3.org/2000/svg"/></div>',
    '<div>&unknown;</div>',
    '<div>&constructor;</div>',
    '<!DOCTYPE div [<!ENTITY a "b">]><div>&a;</div>',
    `<div>${'<b>'.repeat(2000)}${'</b>'.repeat(2000)}</div>`,
    '',
  ])('that aren’t XHTML are shown as text: %s', (div) => {
    const { text } = read(written(withText(div)));
    expect(text.div).toBe(`<div ${XHTML}>${escaped(div)}</div>`);
  });

  it('can’t close their enclosing element', () => {
    const resource = read(written(withText('<div>a</div></text><language value="x"/><text><div>b</div>')));
    expect(Object.keys(resource)).toEqual(['resourceType', 'text', 'code']);
  });
});

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

describe('reading XML', () => {
  it.each([
    [
      'a byte order mark, a declaration, comments and processing instructions',
      '\ufeff<?xml version="1.0"?><!-- a --><?b c?>',
      '',
    ],
    [
      'a schema location',
      '',
      ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://hl7.org/fhir ../fhir.xsd"',
    ],
    ['other declared namespaces', '', ' xmlns:x="urn:x"'],
  ])('ignores %s', (_, before, attributes) => {
    const xml = `${before}<Patient ${FHIR}${attributes}>\n <!-- x --><?y z?> <active value="true"/>\n</Patient>\n`;
    expect(read(xml)).toEqual({ resourceType: 'Patient', active: true });
  });

  it('takes elements in any order', () => {
    const xml = `<Patient ${FHIR}><name><text value="a"/></name><active value="true"/><name><text value="b"/></name></Patient>`;
    expect(read(xml)).toEqual({ resourceType: 'Patient', name: [{ text: 'a' }, { text: 'b' }], active: true });
  });

  it('returns numbers and booleans as JSON does, and everything else as text', () => {
    const xml = `<Observation ${FHIR}><component><code><text value="1.0"/></code><valueBoolean value="true"/></component><component><valueInteger value="-7"/></component><component><valueQuantity><value value="1.50"/><unit value="5"/></valueQuantity></component></Observation>`;
    expect(fromXml(xml, r4Elements)).toBe(
      '{"resourceType":"Observation","component":[{"code":{"text":"1.0"},"valueBoolean":true},{"valueInteger":-7},{"valueQuantity":{"value":1.50,"unit":"5"}}]}',
    );
  });
});
