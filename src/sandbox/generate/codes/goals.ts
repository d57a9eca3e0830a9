import { type Concept, conceptOf, quantity } from './coding.ts';

interface Goal {
  readonly text: string;
  readonly measure: Concept;
  readonly detail: object;
}

const below = (value: number, code: string, unit?: string) => ({ detailRange: { high: quantity(value, code, unit) } });

const GOALS = {
  sugar: {
    text: 'HbA1c under 7 percent',
    measure: conceptOf('loinc', '4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood', 'HbA1c'),
    detail: below(7, '%'),
  },
  pressure: {
    text: 'Upper blood pressure under 130',
    measure: conceptOf('loinc', '8480-6', 'Systolic blood pressure', 'Upper blood pressure'),
    detail: below(130, 'mm[Hg]', 'mmHg'),
  },
  weight: {
    text: 'Weight under 78 kg',
    measure: conceptOf('loinc', '29463-7', 'Body weight', 'Weight'),
    detail: below(78, 'kg'),
  },
  food: {
    text: 'Enough food in the house every month',
    measure: conceptOf('loinc', '88124-3', 'Food insecurity risk [HVS]', 'Enough food'),
    detail: { detailCodeableConcept: conceptOf('loinc', 'LA19983-8', 'No risk') },
  },
  mood: {
    text: 'PHQ-9 under 5 points',
    measure: conceptOf(
      'loinc',
      '44261-6',
      'Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]',
      'Depression score (PHQ-9)',
    ),
    detail: below(5, '{score}', 'points'),
  },
} satisfies Record<string, Goal>;

export type GoalKey = keyof typeof GOALS;
export const goal = (key: GoalKey): Goal => GOALS[key];
