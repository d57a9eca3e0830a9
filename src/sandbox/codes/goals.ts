import { codeableConcept, quantity, type SandboxConcept } from './coding.ts';

interface SandboxGoal {
  readonly text: string;
  readonly measure: SandboxConcept;
  readonly detail: object;
}

const below = (value: number, code: string, unit?: string) => ({ detailRange: { high: quantity(value, code, unit) } });

const GOALS = {
  sugar: {
    text: 'HbA1c under 7 percent',
    measure: codeableConcept('loinc', '4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood', 'HbA1c'),
    detail: below(7, '%'),
  },
  pressure: {
    text: 'Upper blood pressure under 130',
    measure: codeableConcept('loinc', '8480-6', 'Systolic blood pressure', 'Upper blood pressure'),
    detail: below(130, 'mm[Hg]', 'mmHg'),
  },
  weight: {
    text: 'Weight under 78 kg',
    measure: codeableConcept('loinc', '29463-7', 'Body weight', 'Weight'),
    detail: below(78, 'kg'),
  },
  food: {
    text: 'Enough food in the house every month',
    measure: codeableConcept('loinc', '88124-3', 'Food insecurity risk [HVS]', 'Enough food'),
    detail: { detailCodeableConcept: codeableConcept('loinc', 'LA19983-8', 'No risk') },
  },
  mood: {
    text: 'PHQ-9 under 5 points',
    measure: codeableConcept(
      'loinc',
      '44261-6',
      'Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]',
      'Depression score (PHQ-9)',
    ),
    detail: below(5, '{score}', 'points'),
  },
} satisfies Record<string, SandboxGoal>;

export type GoalKey = keyof typeof GOALS;
export const goal = (key: GoalKey): SandboxGoal => GOALS[key];
