import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DSTU2_VARIANTS } from '../../../../src/fhir/dstu2/convert/conversions.ts';
import { listDstu2Losses } from '../../../../src/fhir/dstu2/index.ts';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';

interface Table {
  readonly r4: string;
  readonly rows: readonly { readonly r4: string; readonly op: string; readonly note: string }[];
}
const file = path.join(SHARED_DATA ?? '', '../reference/r4-to-dstu2.json');
const tables: readonly Table[] = SHARED_DATA === undefined ? [] : JSON.parse(readFileSync(file, 'utf8'));

const losses = listDstu2Losses();
const lossOf = (stored: string) => losses.find((one) => one.stored === stored);
const lostOf = (stored: string) => lossOf(stored)?.elements ?? [];
const partlyOf = (stored: string) => lossOf(stored)?.partly ?? [];
const singleOf = (stored: string) => lossOf(stored)?.single ?? [];

/**
 * Elements that the reference table drops. The converter displays them in other elements, or uses them in place of
 * others.
 */
const DISPLAYED_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  CarePlan: ['title'],
  CareTeam: ['participant.period'],
  Encounter: ['diagnosis.rank'],
  Immunization: ['performer.function', 'reportOrigin', 'subpotentReason'],
  MedicationRequest: ['reported[x]'],
  Observation: ['referenceRange.appliesTo'],
  PractitionerRole: ['active', 'practitioner'],
};

/**
 * Elements with cardinality 0..1 in DSTU2 that still show all R4 values: joined into one text, or each in an entry of
 * its own.
 */
const ALL_VALUES_DISPLAYED = /(^|\.)note$|^evidence\.code$/;

describe('the list of elements that DSTU2 can’t hold', () => {
  it('covers each variant', () => {
    const withSingleValues = losses.map(({ stored, type }) => `${stored} ${type}`);
    expect(withSingleValues).toEqual([
      ...DSTU2_VARIANTS.map(({ stored, type }) => `${stored} ${type}`),
      'PractitionerRole Practitioner',
    ]);
  });

  it.skipIf(SHARED_DATA === undefined).each(tables.filter(({ r4 }) => lossOf(r4) !== undefined))(
    '$r4: lists the elements that the reference table drops (skipped without SHARED_DATA)',
    ({ r4, rows }) => {
      // Elements that the table marks as modifiers hide the resource or are displayed in another element. Only the
      // category of a CareTeam does neither.
      const isDropped = ({ op, r4: name }: Table['rows'][number]) => op === 'x' || (op === 'x!' && name === 'category');
      const dropped = rows.filter(isDropped).map((row) => row.r4);
      const within = (name: string) => dropped.some((other) => name.startsWith(`${other}.`));
      const expected = dropped.filter((name) => !within(name) && !DISPLAYED_ELSEWHERE[r4]?.includes(name));
      // The table has one row for a choice element, although only some of its types have a counterpart. It counts the
      // agents of an entity as agents.
      const all = [...lostOf(r4), ...partlyOf(r4).filter((name) => dropped.includes(name))];
      const actual = all.filter((name) => !/^(onset|effective)[A-Z]|^entity\.agent/.test(name));
      expect(actual.toSorted()).toEqual(expected.toSorted());
    },
  );

  it('covers elements that have a counterpart in some cases only', () => {
    expect(partlyOf('Device')).toEqual(['udiCarrier.carrierAIDC', 'deviceName']);
    expect(partlyOf('DiagnosticReport')).toEqual(['resultsInterpreter']);
    expect(partlyOf('Encounter')).toEqual(['reasonReference', 'diagnosis.use']);
    expect(partlyOf('FamilyMemberHistory')).toEqual(['sex']);
    expect(partlyOf('Immunization')).toEqual(['statusReason', 'performer']);
    expect(partlyOf('MedicationRequest')).toEqual(['statusReason', 'reasonReference', 'dosageInstruction.doseAndRate']);
    expect(partlyOf('MedicationStatement')).toEqual(['statusReason', 'reasonReference', 'dosage.doseAndRate']);
    expect(partlyOf('Procedure')).toEqual(['statusReason', 'reasonReference']);
    expect(partlyOf('Provenance')).toEqual(['entity']);
  });

  it.skipIf(SHARED_DATA === undefined).each(tables.filter(({ r4 }) => lossOf(r4) !== undefined))(
    '$r4: lists the elements of which the reference table retains one value (skipped without SHARED_DATA)',
    ({ r4, rows }) => {
      const once = rows.filter(({ op, note }) => op !== 'x' && /0\.\.\* -> 0\.\.1/.test(note)).map((row) => row.r4);
      const expected = once.filter(
        (name) => !ALL_VALUES_DISPLAYED.test(name) && !(r4 === 'PractitionerRole' && name === 'code'),
      );
      expect(singleOf(r4)).toEqual(expect.arrayContaining(expected));
    },
  );

  it('covers each element with one displayed value out of several', () => {
    const withSingleValues = losses.filter(({ single }) => single.length > 0);
    expect(
      Object.fromEntries(withSingleValues.map(({ stored, type, single }) => [`${stored} ${type}`, single.join(' ')])),
    ).toEqual({
      'AllergyIntolerance AllergyIntolerance': 'category',
      'CareTeam CarePlan': 'participant.role',
      'Condition Condition': 'category stage',
      'Device Device': 'udiCarrier version',
      'DiagnosticReport DiagnosticReport': 'category performer',
      'DocumentReference DocumentReference': 'category context.encounter',
      'Encounter Encounter': 'appointment',
      'Goal Goal': 'target',
      'Location Location': 'type',
      'MedicationRequest MedicationOrder': 'reasonCode',
      'MedicationRequest MedicationStatement': 'reasonCode',
      'MedicationStatement MedicationStatement': 'reasonCode',
      'Observation Observation': 'category interpretation',
      'Organization Organization': 'type',
      'Practitioner Practitioner': 'name',
      'Procedure Procedure': 'basedOn reasonCode',
      'Provenance Provenance': 'entity.agent',
      'RelatedPerson RelatedPerson': 'relationship name',
      'ServiceRequest ProcedureRequest': 'performer reasonCode',
      'ServiceRequest ReferralRequest': 'category reasonCode',
    });
  });

  it('leaves out elements that are displayed as text', () => {
    for (const [stored, names] of Object.entries(DISPLAYED_ELSEWHERE))
      for (const name of names) expect([...lostOf(stored), ...partlyOf(stored)]).not.toContain(name);
  });
});
