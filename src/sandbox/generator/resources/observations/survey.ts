import { codeableConcept, quantity, type SandboxConcept } from '../../../codes/coding.ts';
import type { SandboxReference } from '../../../directory/directory.ts';
import type { SurveyPlan } from '../../../scenarios/scenario.ts';
import { valueAt } from '../../../scenarios/trend.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';
import { addObservation } from './observation.ts';
import { addResponse } from './questionnaire-response.ts';

/** Records the surveys that are due at this visit. */
export function addSurveys(chart: RecordBuilder, visit: ScheduledVisit, last: Map<string, number>): void {
  if (visit.plan.declinedVitals === true && chart.ageAt(visit.start) >= 18) addDeclinedSurvey(chart, visit);
  for (const plan of chart.scenario.surveys) {
    const due =
      plan.from >= visit.ago - 0.02 &&
      (last.get(plan.survey) ?? Number.POSITIVE_INFINITY) - visit.ago >= plan.every - 0.04;
    if (!due || visit.plan.kind === 'dialysis' || visit.plan.kind === 'emergency') continue;
    last.set(plan.survey, visit.ago);
    SURVEYS[plan.survey](chart, visit, Math.max(0, Math.round(valueAt(plan.points, visit.ago))));
  }
}

const SURVEYS: Record<SurveyPlan['survey'], (chart: RecordBuilder, visit: ScheduledVisit, points: number) => void> = {
  phq2: addMood,
  phq9: addDepression,
  gad7: addAnxiety,
  hunger: addHunger,
  transport: addTransport,
  memory: addMemory,
  exercise: addExercise,
};

const surveyQuestion = (loinc: string, display: string, plain?: string): SandboxConcept =>
  codeableConcept('loinc', loinc, display, plain);
const DEPRESSION = surveyQuestion(
  '44261-6',
  'Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]',
  'Depression score (PHQ-9)',
);

/** Adds a depression score without a value, because the patient was asked and declined to answer. */
function addDeclinedSurvey(chart: RecordBuilder, visit: ScheduledVisit): void {
  const dataAbsentReason = codeableConcept('dataAbsent', 'asked-declined', 'Asked But Declined', 'Not answered');
  addAnswer(chart, visit, 'depression score', DEPRESSION, { dataAbsentReason });
}

function addAnswer(
  chart: RecordBuilder,
  visit: ScheduledVisit,
  key: string,
  code: SandboxConcept,
  elements: Readonly<Record<string, unknown>>,
  { social = false, form = 'asked' }: { readonly social?: boolean; readonly form?: 'own' | 'asked' } = {},
): SandboxReference {
  return addObservation(chart, visit, key, {
    profile: 'us-core-observation-screening-assessment',
    category: 'survey',
    code,
    minute: 8,
    social,
    elements,
    ...(form === 'own' ? { performer: chart.subject } : {}),
  });
}

/** The questionnaires about mood and hunger, with their titles and LOINC panels. */
const MOOD_FORM = { key: 'phq2', title: 'Mood check (PHQ-2)', loinc: '55757-9' };
const HUNGER_FORM = { key: 'hunger', title: 'Enough food', loinc: '88121-9' };

const scoreValue = (points: number) => ({ valueQuantity: quantity(points, '{score}', 'points') });

const OFTEN: readonly SandboxConcept[] = [
  codeableConcept('loinc', 'LA6568-5', 'Not at all'),
  codeableConcept('loinc', 'LA6569-3', 'Several days'),
  codeableConcept('loinc', 'LA6570-1', 'More than half the days'),
  codeableConcept('loinc', 'LA6571-9', 'Nearly every day'),
];
const howOften = (points: number) => ({ valueCodeableConcept: OFTEN[Math.min(3, points)] as SandboxConcept });

/** Adds the answers to the PHQ-2, a depression screening of two questions with 0 to 3 points each. */
function addMood(chart: RecordBuilder, visit: ScheduledVisit, points: number): void {
  const half = Math.floor(points / 2);
  const interest = surveyQuestion('44250-9', 'Little interest or pleasure in doing things in last 2 weeks');
  const mood = surveyQuestion('44255-8', 'Feeling down, depressed, or hopeless in last 2 weeks');
  const [first, second] = [howOften(half), howOften(points - half)];
  const derivedFrom = [
    addResponse(chart, visit, MOOD_FORM, [
      { question: interest, answer: first.valueCodeableConcept },
      { question: mood, answer: second.valueCodeableConcept },
    ]),
  ];
  const answers = [
    addAnswer(chart, visit, 'interest', interest, { ...first, derivedFrom }, { form: 'own' }),
    addAnswer(chart, visit, 'mood', mood, { ...second, derivedFrom }, { form: 'own' }),
  ];
  const total = addAnswer(
    chart,
    visit,
    'mood score',
    surveyQuestion(
      '55758-7',
      'Patient Health Questionnaire 2 item (PHQ-2) total score [Reported]',
      'Mood check (PHQ-2) score',
    ),
    { ...scoreValue(points), derivedFrom: answers },
  );
  addAnswer(
    chart,
    visit,
    'mood panel',
    surveyQuestion('55757-9', 'Patient Health Questionnaire 2 item (PHQ-2) [Reported]', 'Mood check (PHQ-2)'),
    { hasMember: [...answers, total] },
  );
}

function addDepression(chart: RecordBuilder, visit: ScheduledVisit, points: number): void {
  addAnswer(chart, visit, 'depression score', DEPRESSION, scoreValue(Math.min(27, points)));
}

function addAnxiety(chart: RecordBuilder, visit: ScheduledVisit, points: number): void {
  addAnswer(
    chart,
    visit,
    'anxiety score',
    surveyQuestion(
      '70274-6',
      'Generalized anxiety disorder 7 item (GAD-7) total score [Reported.PHQ]',
      'Anxiety score (GAD-7)',
    ),
    scoreValue(Math.min(21, points)),
  );
}

/** Adds the answer to the question about transportation in the AHC HRSN screening tool. */
function addTransport(chart: RecordBuilder, visit: ScheduledVisit, points: number): void {
  const yes = codeableConcept('loinc', 'LA33-6', 'Yes');
  const no = codeableConcept('loinc', 'LA32-8', 'No');
  const questionCode = surveyQuestion(
    '93030-5',
    'Has lack of transportation kept you from medical appointments, meetings, work, or from getting things needed for daily living',
    'No way to get to appointments or work',
  );
  addAnswer(chart, visit, 'transport', questionCode, { valueCodeableConcept: points > 0 ? yes : no }, { social: true });
}

function addMemory(chart: RecordBuilder, visit: ScheduledVisit, points: number): void {
  addAnswer(
    chart,
    visit,
    'memory score',
    surveyQuestion('72106-8', 'Total score [MMSE]', 'Memory test (MMSE) score'),
    scoreValue(Math.min(30, points)),
  );
}

const EXERCISE_FORM = { key: 'exercise', title: 'Exercise', loinc: '89574-8', byInterviewer: true };
const DAYS = surveyQuestion(
  '89555-7',
  'How many days per week did you engage in moderate to strenuous physical activity in the last 30 days',
  'Exercise, days a week',
);
const MINUTES = surveyQuestion(
  '68516-4',
  'On those days that you engage in moderate to strenuous exercise, how many minutes, on average, do you exercise',
  'Exercise, minutes a day',
);

/** Adds the answers to the Exercise Vital Sign. The doctor asks the questions and fills in the form. */
function addExercise(chart: RecordBuilder, visit: ScheduledVisit, days: number): void {
  const response = addResponse(chart, visit, EXERCISE_FORM, [
    { question: DAYS, answer: days },
    { question: MINUTES, answer: 25 },
    {
      question: { coding: [], text: 'Can walk a mile without a rest' },
      answer: codeableConcept('loinc', 'LA33-6', 'Yes'),
    },
  ]);
  addObservation(chart, visit, 'exercise', {
    profile: 'us-core-simple-observation',
    category: 'social-history',
    code: DAYS,
    minute: 8,
    performer: chart.subject,
    elements: { valueQuantity: quantity(days, 'd/wk', 'days a week'), derivedFrom: [response] },
  });
}

const HUNGER: readonly (readonly [key: string, code: SandboxConcept])[] = [
  [
    'food worry',
    surveyQuestion(
      '88122-7',
      'Within the past 12 months we worried whether our food would run out before we got money to buy more [U.S. FSS]',
      'Worried that food would run out',
    ),
  ],
  [
    'food gone',
    surveyQuestion(
      '88123-5',
      "Within the past 12 months the food we bought just didn't last and we didn't have money to get more [U.S. FSS]",
      'Food did not last',
    ),
  ],
];

/** Adds the answers to the Hunger Vital Sign, a screening with two questions. */
function addHunger(chart: RecordBuilder, visit: ScheduledVisit, points: number): void {
  const yes = codeableConcept('loinc', 'LA6729-3', 'Sometimes true');
  const no = codeableConcept('loinc', 'LA28398-8', 'Never true');
  const risk =
    points > 0 ? codeableConcept('loinc', 'LA19952-3', 'At risk') : codeableConcept('loinc', 'LA19983-8', 'No risk');
  const given = points > 0 ? yes : no;
  const answers = HUNGER.map(([, code]) => ({ question: code, answer: given }));
  const derivedFrom = [addResponse(chart, visit, HUNGER_FORM, answers)];
  const members = HUNGER.map(([key, code]) =>
    addAnswer(chart, visit, key, code, { valueCodeableConcept: given, derivedFrom }, { social: true, form: 'own' }),
  );
  members.push(
    addAnswer(
      chart,
      visit,
      'food risk',
      surveyQuestion('88124-3', 'Food insecurity risk [HVS]', 'Enough food'),
      { valueCodeableConcept: risk },
      { social: true },
    ),
  );
  addAnswer(
    chart,
    visit,
    'food panel',
    surveyQuestion('88121-9', 'Hunger Vital Sign [HVS]', 'Enough food, questions'),
    { hasMember: members },
    { social: true },
  );
}
