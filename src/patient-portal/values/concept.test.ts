import { expect, it } from 'vitest';
import { formatConcept } from './concept.ts';

const SNOMED_CT = 'http://snomed.info/sct';
const LOINC = 'http://loinc.org';

// FHIR R4 CodeableConcept: the text is the concept "as entered or chosen by the user".
it.each([
  [
    { text: 'Sodium', coding: [{ system: LOINC, code: '2951-2', display: 'Sodium [Moles/volume] in Blood' }] },
    'Sodium',
  ],
  [{ coding: [{ code: '1' }, { code: '2', display: 'Second' }] }, 'Second'],
  [{ coding: [{ display: 'First' }, { display: 'Chosen', userSelected: true }] }, 'Chosen'],
  [{ coding: [{ display: 'First' }, { code: '7', userSelected: true }] }, 'First'],
  [{ text: ' ', coding: [{ display: 'Display' }] }, 'Display'],
  [{ system: LOINC, code: '2951-2', display: 'A Coding' }, 'A Coding'],
  ['a text', 'a text'],
  // Fully specified names of SNOMED CT, as Synthea and Inferno send them.
  [{ text: 'Not pregnant (finding)', coding: [{ system: SNOMED_CT, code: '60001007' }] }, 'Not pregnant'],
  [{ coding: [{ system: SNOMED_CT, display: 'Cardiac care (regime/therapy)' }] }, 'Cardiac care'],
  [{ coding: [{ system: SNOMED_CT, display: 'Diabetes mellitus (type 2)' }] }, 'Diabetes mellitus (type 2)'],
  [{ text: 'Cough (finding)' }, 'Cough (finding)'],
  // Codes without a name.
  [{ coding: [{ system: LOINC, code: '45473-6' }] }, 'LOINC 45473-6'],
  [
    { coding: [{ system: 'http://hl7.org/fhir/us/core/CodeSystem/careplan-category', code: 'assess-plan' }] },
    'assess-plan',
  ],
  [{ coding: 'x', text: 4 }, undefined],
  [undefined, undefined],
])('%j is shown as %s', (concept, text) => expect(formatConcept(concept)).toBe(text));
