import { codeableConcept, coding, SYSTEM } from '../../../codes/coding.ts';
import { conditionConcept } from '../../../codes/conditions.ts';
import { toFhirDate } from '../../../scenarios/calendar.ts';
import type { RelativePlan } from '../../../scenarios/scenario.ts';
import type { RecordBuilder } from '../../record-builder.ts';
import { addProvenanceFor } from '../provenance.ts';

/** Relatives: code in HL7's v3-RoleCode, plain name and gender. */
const RELATIONS: Readonly<
  Record<RelativePlan['relation'], readonly [code: string, word: string, gender: RelativeGender]>
> = {
  mother: ['MTH', 'mother', 'female'],
  father: ['FTH', 'father', 'male'],
  sister: ['NSIS', 'natural sister', 'female'],
  brother: ['NBRO', 'natural brother', 'male'],
  maternalGrandmother: ['MGRMTH', 'maternal grandmother', 'female'],
};
type RelativeGender = 'female' | 'male';
const GENDERS: Readonly<Record<RelativeGender, string>> = { female: 'Female', male: 'Male' };

const years = (value: number) => ({ value, unit: 'years', system: SYSTEM.ucum, code: 'a' });
const capitalized = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/**
 * Adds the family history. It is added last, so that identifiers and Provenance targets of the resources before it are
 * the same with and without it.
 */
export function addFamilyHistory(chart: RecordBuilder): void {
  const { scenario } = chart;
  if (scenario.relatives.length === 0) return;
  chart.referencesByVisit.set('', []);
  const recorded = toFhirDate(chart.dateAt((scenario.persona.died ?? 0) + 0.5));
  const histories = scenario.relatives.map((relative) =>
    chart.add('FamilyMemberHistory', relative.relation, {
      status: relative.conditions === undefined ? 'health-unknown' : 'completed',
      ...(relative.conditions === undefined
        ? { dataAbsentReason: codeableConcept('historyAbsent', 'subject-unknown', 'Subject Unknown') }
        : {}),
      patient: chart.subject,
      date: recorded,
      ...relativeFacts(relative),
    }),
  );
  addProvenanceFor(chart, 'family-history', histories);
}

function relativeFacts({ relation, age, estimated, died, conditions = [] }: RelativePlan): object {
  const [code, word, gender] = RELATIONS[relation];
  return {
    relationship: codeableConcept('roleCode', code, word, capitalized(word.replace('natural ', ''))),
    sex: { coding: [coding('gender', gender, GENDERS[gender])], text: GENDERS[gender] },
    ...(age === undefined ? {} : { ageAge: years(age) }),
    ...(estimated === true ? { estimatedAge: true } : {}),
    ...(died === undefined ? {} : { deceasedAge: years(died) }),
    ...(conditions.length === 0 ? {} : { condition: conditions.map(relativeCondition) }),
  };
}

const relativeCondition = ({ key, at, fatal }: NonNullable<RelativePlan['conditions']>[number]): object => ({
  code: conditionConcept(key),
  ...(fatal === true ? { contributedToDeath: true } : {}),
  ...(at === undefined ? {} : { onsetAge: years(at) }),
});
