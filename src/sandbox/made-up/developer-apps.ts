import { CAREFUL, type MadeUpApp, PATIENT_SCOPE } from './apps.ts';
import type { MadeUpUse } from './make-activity.ts';

/** An app of the sandbox's developer, and how much it is used. */
export interface DeveloperApp extends MadeUpApp {
  /** The client_id differs in each copy, so a key is the seed of the activity. */
  readonly key: string;
  /** undefined: no one has used the app yet. */
  readonly use?: MadeUpUse;
}

/** The apps of the sandbox's developer, at different stages and with different problems. */
export const DEVELOPER_APPS: readonly DeveloperApp[] = [
  {
    key: 'records',
    terms: {
      name: 'Larkspur Records',
      kind: 'patient',
      auth: 'secret',
      apis: ['r4'],
      scope: `${PATIENT_SCOPE} patient/Patient.rs patient/Condition.rs patient/AllergyIntolerance.rs patient/Observation.rs`,
      redirectUris: ['https://records.larkspur.example/callback'],
      description: 'Shows your conditions, allergies and test results on your phone.',
    },
    dataUse: CAREFUL,
    policyPath: '/records/privacy',
    secret: { name: 'Production', expiresInDays: 9 },
    submittedDaysAgo: 48,
    history: [
      { step: 'verify', daysAgo: 44 },
      { step: 'approve', daysAgo: 42 },
      {
        step: 'change',
        daysAgo: 2,
        terms: {
          scope: `${PATIENT_SCOPE} patient/Patient.rs patient/Condition.rs patient/AllergyIntolerance.rs patient/Observation.rs patient/Immunization.rs`,
        },
      },
    ],
    use: {
      sessionsPerDay: 9,
      newShare: 0.3,
      types: ['Patient', 'Condition', 'AllergyIntolerance', 'Observation'],
      missingType: 'Immunization',
    },
  },
  {
    key: 'glucose',
    terms: {
      name: 'Glucose Graph',
      kind: 'patient',
      auth: 'none',
      apis: ['r4'],
      scope: `${PATIENT_SCOPE} patient/Patient.rs patient/Observation.rs`,
      redirectUris: ['org.example.larkspur.glucose:/callback'],
      description: 'Draws your blood sugar over time.',
    },
    dataUse: CAREFUL,
    policyPath: '/glucose/privacy',
    submittedDaysAgo: 35,
    history: [
      { step: 'verify', daysAgo: 33 },
      { step: 'approve', daysAgo: 31 },
      { step: 'change', daysAgo: 6, terms: { scope: `${PATIENT_SCOPE} patient/*.rs` } },
      {
        step: 'reject',
        daysAgo: 3,
        reason: {
          ground: 'security-risk',
          text: 'The app draws blood sugar, but the new version requests every type of data. Request the types that the app shows.',
        },
      },
    ],
    use: {
      sessionsPerDay: 7,
      newShare: 0.25,
      types: ['Patient', 'Observation'],
      missingType: 'MedicationRequest',
      failedRefreshes: { hoursAgo: 30, count: 26 },
    },
  },
  {
    key: 'diary',
    terms: {
      name: 'Dose Diary',
      kind: 'patient',
      auth: 'none',
      apis: ['r4'],
      scope: `${PATIENT_SCOPE} patient/Patient.rs patient/MedicationRequest.rs`,
      redirectUris: ['https://diary.larkspur.example/callback'],
      description: 'Reminds you to take your medicines.',
    },
    dataUse: CAREFUL,
    policyPath: '/diary/privacy',
    submittedDaysAgo: 5,
    history: [
      {
        step: 'ask',
        daysAgo: 1,
        question: 'The description says that the app sends reminders. Does it send the names of medicines to a server?',
      },
    ],
    use: {
      sessionsPerDay: 3,
      newShare: 0.8,
      types: ['Patient', 'MedicationRequest'],
      missingType: 'Observation',
      days: 7,
    },
  },
];
