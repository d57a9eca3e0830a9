import { dateText } from '../calendar.ts';
import type { Chart } from '../chart.ts';
import { coding, conceptOf, SYSTEM } from '../codes/coding.ts';
import { conditionConcept } from '../codes/conditions.ts';
import type { Relative } from '../life.ts';
import { recordProvenanceOf } from './provenance.ts';

/** v3-RoleCode, plain name and gender. */
const RELATIONS: Readonly<Record<Relative['relation'], readonly [code: string, word: string, gender: Gender]>> = {
  mother: ['MTH', 'mother', 'female'],
  father: ['FTH', 'father', 'male'],
  sister: ['NSIS', 'natural sister', 'female'],
  brother: ['NBRO', 'natural brother', 'male'],
  maternalGrandmother: ['MGRMTH', 'maternal grandmother', 'female'],
};
type Gender = 'female' | 'male';
const GENDERS: Readonly<Record<Gender, string>> = { female: 'Female', male: 'Male' };

const years = (value: number) => ({ value, unit: 'years', system: SYSTEM.ucum, code: 'a' });
const capitalized = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** The family history. Recorded last, so that identifiers and Provenance targets of earlier resources don't change. */
export function recordFamilyHistory(chart: Chart): void {
  const { life } = chart;
  if (life.relatives.length === 0) return;
  chart.made.set('', []);
  const recorded = dateText(chart.moment((life.persona.died ?? 0) + 0.5));
  const histories = life.relatives.map((relative) =>
    chart.add('FamilyMemberHistory', relative.relation, {
      status: relative.had === undefined ? 'health-unknown' : 'completed',
      ...(relative.had === undefined
        ? { dataAbsentReason: conceptOf('historyAbsent', 'subject-unknown', 'Subject Unknown') }
        : {}),
      patient: chart.subject,
      date: recorded,
      ...about(relative),
    }),
  );
  recordProvenanceOf(chart, 'family-history', histories);
}

function about({ relation, age, estimated, died, had = [] }: Relative): object {
  const [code, word, gender] = RELATIONS[relation];
  return {
    relationship: conceptOf('roleCode', code, word, capitalized(word.replace('natural ', ''))),
    sex: { coding: [coding('gender', gender, GENDERS[gender])], text: GENDERS[gender] },
    ...(age === undefined ? {} : { ageAge: years(age) }),
    ...(estimated === true ? { estimatedAge: true } : {}),
    ...(died === undefined ? {} : { deceasedAge: years(died) }),
    ...(had.length === 0 ? {} : { condition: had.map(illness) }),
  };
}

const illness = ({ key, at, fatal }: NonNullable<Relative['had']>[number]): object => ({
  code: conditionConcept(key),
  ...(fatal === true ? { contributedToDeath: true } : {}),
  ...(at === undefined ? {} : { onsetAge: years(at) }),
});
