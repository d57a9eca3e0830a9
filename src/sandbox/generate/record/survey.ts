import type { Chart, Visit } from '../chart.ts';
import { type Concept, conceptOf, quantity } from '../codes/coding.ts';
import type { Reference } from '../directory/directory.ts';
import type { SurveyPlan } from '../life.ts';
import { along } from '../trend.ts';
import { recordFinding } from './observation.ts';
import { recordResponse } from './questionnaire-response.ts';

/** Records the surveys that are due at this visit. */
export function recordSurveys(chart: Chart, visit: Visit, last: Map<string, number>): void {
  if (visit.plan.declined === true && chart.age(visit.start) >= 18) recordDeclinedSurvey(chart, visit);
  for (const plan of chart.life.surveys) {
    const due =
      plan.from >= visit.ago - 0.02 &&
      (last.get(plan.survey) ?? Number.POSITIVE_INFINITY) - visit.ago >= plan.every - 0.04;
    if (!due || visit.plan.kind === 'dialysis' || visit.plan.kind === 'emergency') continue;
    last.set(plan.survey, visit.ago);
    SURVEYS[plan.survey](chart, visit, Math.max(0, Math.round(along(plan.points, visit.ago))));
  }
}

const SURVEYS: Record<SurveyPlan['survey'], (chart: Chart, visit: Visit, points: number) => void> = {
  phq2: recordMood,
  phq9: recordDepression,
  gad7: recordAnxiety,
  hunger: recordHunger,
  transport: recordTransport,
  memory: recordMemory,
  exercise: recordExercise,
};

const question = (loinc: string, display: string, plain?: string): Concept => conceptOf('loinc', loinc, display, plain);
const DEPRESSION = question(
  '44261-6',
  'Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]',
  'Depression score (PHQ-9)',
);

/** The patient was asked and declined to answer. */
function recordDeclinedSurvey(chart: Chart, visit: Visit): void {
  const dataAbsentReason = conceptOf('dataAbsent', 'asked-declined', 'Asked But Declined', 'Not answered');
  answer(chart, visit, 'depression score', DEPRESSION, { dataAbsentReason });
}

function answer(
  chart: Chart,
  visit: Visit,
  key: string,
  code: Concept,
  found: Readonly<Record<string, unknown>>,
  { social = false, form = 'asked' }: { readonly social?: boolean; readonly form?: 'own' | 'asked' } = {},
): Reference {
  return recordFinding(chart, visit, key, {
    profile: 'us-core-observation-screening-assessment',
    category: 'survey',
    code,
    minute: 8,
    social,
    found,
    ...(form === 'own' ? { performer: chart.subject } : {}),
  });
}

/** LOINC panels with the title of the form. */
const MOOD_FORM = { key: 'phq2', title: 'Mood check (PHQ-2)', loinc: '55757-9' };
const HUNGER_FORM = { key: 'hunger', title: 'Enough food', loinc: '88121-9' };

const score = (points: number) => ({ valueQuantity: quantity(points, '{score}', 'points') });

const OFTEN: readonly Concept[] = [
  conceptOf('loinc', 'LA6568-5', 'Not at all'),
  conceptOf('loinc', 'LA6569-3', 'Several days'),
  conceptOf('loinc', 'LA6570-1', 'More than half the days'),
  conceptOf('loinc', 'LA6571-9', 'Nearly every day'),
];
const howOften = (points: number) => ({ valueCodeableConcept: OFTEN[Math.min(3, points)] as Concept });

/** PHQ-2: two questions with 0 to 3 points each. */
function recordMood(chart: Chart, visit: Visit, points: number): void {
  const half = Math.floor(points / 2);
  const interest = question('44250-9', 'Little interest or pleasure in doing things in last 2 weeks');
  const mood = question('44255-8', 'Feeling down, depressed, or hopeless in last 2 weeks');
  const [first, second] = [howOften(half), howOften(points - half)];
  const derivedFrom = [
    recordResponse(chart, visit, MOOD_FORM, [
      { question: interest, answer: first.valueCodeableConcept },
      { question: mood, answer: second.valueCodeableConcept },
    ]),
  ];
  const answers = [
    answer(chart, visit, 'interest', interest, { ...first, derivedFrom }, { form: 'own' }),
    answer(chart, visit, 'mood', mood, { ...second, derivedFrom }, { form: 'own' }),
  ];
  const total = answer(
    chart,
    visit,
    'mood score',
    question(
      '55758-7',
      'Patient Health Questionnaire 2 item (PHQ-2) total score [Reported]',
      'Mood check (PHQ-2) score',
    ),
    { ...score(points), derivedFrom: answers },
  );
  answer(
    chart,
    visit,
    'mood panel',
    question('55757-9', 'Patient Health Questionnaire 2 item (PHQ-2) [Reported]', 'Mood check (PHQ-2)'),
    { hasMember: [...answers, total] },
  );
}

function recordDepression(chart: Chart, visit: Visit, points: number): void {
  answer(chart, visit, 'depression score', DEPRESSION, score(Math.min(27, points)));
}

function recordAnxiety(chart: Chart, visit: Visit, points: number): void {
  answer(
    chart,
    visit,
    'anxiety score',
    question(
      '70274-6',
      'Generalized anxiety disorder 7 item (GAD-7) total score [Reported.PHQ]',
      'Anxiety score (GAD-7)',
    ),
    score(Math.min(21, points)),
  );
}

/** One question of the AHC HRSN screening tool. */
function recordTransport(chart: Chart, visit: Visit, points: number): void {
  const yes = conceptOf('loinc', 'LA33-6', 'Yes');
  const no = conceptOf('loinc', 'LA32-8', 'No');
  const questionCode = question(
    '93030-5',
    'Has lack of transportation kept you from medical appointments, meetings, work, or from getting things needed for daily living',
    'No way to get to appointments or work',
  );
  answer(chart, visit, 'transport', questionCode, { valueCodeableConcept: points > 0 ? yes : no }, { social: true });
}

function recordMemory(chart: Chart, visit: Visit, points: number): void {
  answer(
    chart,
    visit,
    'memory score',
    question('72106-8', 'Total score [MMSE]', 'Memory test (MMSE) score'),
    score(Math.min(30, points)),
  );
}

const EXERCISE_FORM = { key: 'exercise', title: 'Exercise', loinc: '89574-8', asked: true };
const DAYS = question(
  '89555-7',
  'How many days per week did you engage in moderate to strenuous physical activity in the last 30 days',
  'Exercise, days a week',
);
const MINUTES = question(
  '68516-4',
  'On those days that you engage in moderate to strenuous exercise, how many minutes, on average, do you exercise',
  'Exercise, minutes a day',
);

/** Exercise Vital Sign. The doctor asks and fills in the form. */
function recordExercise(chart: Chart, visit: Visit, days: number): void {
  const response = recordResponse(chart, visit, EXERCISE_FORM, [
    { question: DAYS, answer: days },
    { question: MINUTES, answer: 25 },
    { question: { coding: [], text: 'Can walk a mile without a rest' }, answer: conceptOf('loinc', 'LA33-6', 'Yes') },
  ]);
  recordFinding(chart, visit, 'exercise', {
    profile: 'us-core-simple-observation',
    category: 'social-history',
    code: DAYS,
    minute: 8,
    performer: chart.subject,
    found: { valueQuantity: quantity(days, 'd/wk', 'days a week'), derivedFrom: [response] },
  });
}

const HUNGER: readonly (readonly [key: string, code: Concept])[] = [
  [
    'food worry',
    question(
      '88122-7',
      'Within the past 12 months we worried whether our food would run out before we got money to buy more [U.S. FSS]',
      'Worried that food would run out',
    ),
  ],
  [
    'food gone',
    question(
      '88123-5',
      "Within the past 12 months the food we bought just didn't last and we didn't have money to get more [U.S. FSS]",
      'Food did not last',
    ),
  ],
];

/** Hunger Vital Sign. */
function recordHunger(chart: Chart, visit: Visit, points: number): void {
  const yes = conceptOf('loinc', 'LA6729-3', 'Sometimes true');
  const no = conceptOf('loinc', 'LA28398-8', 'Never true');
  const risk = points > 0 ? conceptOf('loinc', 'LA19952-3', 'At risk') : conceptOf('loinc', 'LA19983-8', 'No risk');
  const given = points > 0 ? yes : no;
  const answers = HUNGER.map(([, code]) => ({ question: code, answer: given }));
  const derivedFrom = [recordResponse(chart, visit, HUNGER_FORM, answers)];
  const members = HUNGER.map(([key, code]) =>
    answer(chart, visit, key, code, { valueCodeableConcept: given, derivedFrom }, { social: true, form: 'own' }),
  );
  members.push(
    answer(
      chart,
      visit,
      'food risk',
      question('88124-3', 'Food insecurity risk [HVS]', 'Enough food'),
      { valueCodeableConcept: risk },
      { social: true },
    ),
  );
  answer(
    chart,
    visit,
    'food panel',
    question('88121-9', 'Hunger Vital Sign [HVS]', 'Enough food, questions'),
    { hasMember: members },
    { social: true },
  );
}
