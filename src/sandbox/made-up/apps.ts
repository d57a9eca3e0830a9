import type { AppRegistration, DecisionReason } from '../../apps/index.ts';
import type { DataUse } from '../../domain/index.ts';
import type { MadeUpOrganizationKey } from './organizations.ts';

/**
 * A step in the history of a made-up app. Each is a real decision or submission that runs with the time at which it
 * would have happened.
 */
export type MadeUpStep =
  | { readonly step: 'verify' | 'approve' | 'approve-first' }
  | { readonly step: 'ask'; readonly question: string }
  | { readonly step: 'reject' | 'suspend'; readonly reason: DecisionReason }
  | {
      readonly step: 'change';
      readonly terms: Partial<Pick<AppRegistration, 'scope' | 'redirectUris' | 'description'>>;
    }
  | { readonly step: 'note'; readonly content: string };

/** A made-up app, and what happened to it so far. */
export interface MadeUpApp {
  readonly terms: Pick<AppRegistration, 'name' | 'kind' | 'auth' | 'scope' | 'redirectUris' | 'description'> & {
    readonly apis: AppRegistration['apis'];
    readonly jwksUri?: string;
    readonly launchUri?: string;
  };
  readonly dataUse: DataUse;
  /** Path of the privacy policy on the website of the organization. */
  readonly policyPath: string;
  /** Name of the app's secret, and the number of days until it expires. Without it, a secret never expires. */
  readonly secret?: { readonly name: string; readonly expiresInDays: number };
  /** Number of business days ago when the app was submitted; 0 for a few hours ago. */
  readonly submittedDaysAgo: number;
  /** Later steps, oldest first, with the number of business days ago when each was taken. */
  readonly history: readonly (MadeUpStep & { readonly daysAgo: number })[];
}

export const CAREFUL: DataUse = {
  sold: 'no',
  shared: 'no',
  'other-uses': 'no',
  deletion: 'yes',
  kept: 'no',
  place: 'united-states',
  encrypted: 'yes',
  changes: 'yes',
};
export const PATIENT_SCOPE = 'openid fhirUser launch/patient offline_access';
/** Deadlines are 10 business days to verify a developer, and 5 more to enable the app. */
const [DUE_TOMORROW, OVERDUE] = [9, 12];

/** The apps that the sandbox's administrator reviews, one for each stage of a review. */
export const MADE_UP_APPS: readonly (MadeUpApp & { readonly organization: MadeUpOrganizationKey })[] = [
  {
    organization: 'juniper',
    terms: {
      name: 'Meadow Meds',
      kind: 'patient',
      auth: 'none',
      apis: ['r4'],
      scope: `${PATIENT_SCOPE} patient/Patient.rs patient/MedicationRequest.rs patient/AllergyIntolerance.rs`,
      redirectUris: ['https://app.juniperfinch.example/meds/callback'],
      description: 'Reminds you to take your medicines, and shows which ones you are allergic to.',
    },
    dataUse: CAREFUL,
    policyPath: '/meds/privacy',
    submittedDaysAgo: 0,
    history: [],
  },
  {
    organization: 'northbeam',
    terms: {
      name: 'Chart Bridge',
      kind: 'backend',
      auth: 'private_key_jwt',
      apis: ['r4'],
      scope: 'system/Patient.rs system/Observation.rs system/Condition.rs',
      jwksUri: 'https://bridge.northbeam.example/.well-known/jwks.json',
      description: 'Copies laboratory results to the quality dashboard of a practice every night.',
    },
    dataUse: { ...CAREFUL, shared: 'with-consent', kept: 'yes' },
    policyPath: '/bridge/privacy',
    submittedDaysAgo: 6,
    history: [
      { step: 'verify', daysAgo: 2 },
      { step: 'approve-first', daysAgo: 1 },
      {
        step: 'note',
        daysAgo: 1,
        content: 'I checked the key set and the contract with the practice. It needs a second administrator.',
      },
    ],
  },
  {
    organization: 'northbeam',
    terms: {
      name: 'Visit Notes',
      kind: 'staff',
      auth: 'secret',
      apis: ['r4'],
      scope: 'openid fhirUser launch patient/Patient.rs patient/Encounter.rs patient/DocumentReference.rs',
      redirectUris: ['https://notes.northbeam.example/callback'],
      launchUri: 'https://notes.northbeam.example/launch',
      description: 'Drafts the note of a visit from the chart, for the clinician to edit.',
    },
    dataUse: CAREFUL,
    policyPath: '/notes/privacy',
    submittedDaysAgo: DUE_TOMORROW,
    history: [],
  },
  {
    organization: 'juniper',
    terms: {
      name: 'Stride Tracker',
      kind: 'patient',
      auth: 'none',
      apis: ['r4', 'dstu2'],
      scope: `${PATIENT_SCOPE} patient/Patient.rs patient/Observation.rs`,
      redirectUris: ['https://app.juniperfinch.example/stride/callback', 'example.juniperfinch.stride:/callback'],
      description: 'Compares your steps and your weight with the measurements of your practice.',
    },
    dataUse: { ...CAREFUL, sold: 'with-consent', 'other-uses': 'with-consent' },
    policyPath: '/stride/privacy',
    submittedDaysAgo: OVERDUE,
    history: [],
  },
  {
    organization: 'juniper',
    terms: {
      name: 'Pollen Diary',
      kind: 'patient',
      auth: 'none',
      apis: ['r4'],
      scope: `${PATIENT_SCOPE} patient/*.rs`,
      redirectUris: ['https://app.juniperfinch.example/pollen/callback'],
      description: 'A diary for people with allergies, with the pollen count of the day.',
    },
    dataUse: { ...CAREFUL, encrypted: 'no' },
    policyPath: '/pollen/privacy',
    submittedDaysAgo: 4,
    history: [
      {
        step: 'ask',
        daysAgo: 2,
        question: 'The app requests all types of data, but a diary of allergies needs few. Which types do you use?',
      },
    ],
  },
  {
    organization: 'heartline',
    terms: {
      name: 'Rhythm',
      kind: 'patient',
      auth: 'secret',
      apis: ['r4', 'dstu2'],
      scope: `${PATIENT_SCOPE} patient/Patient.rs patient/Observation.rs`,
      redirectUris: ['https://rhythm.heartline.example/callback'],
      description: 'Shows your heart rate and blood pressure over time.',
    },
    dataUse: CAREFUL,
    policyPath: '/rhythm/privacy',
    submittedDaysAgo: 40,
    history: [
      { step: 'verify', daysAgo: 36 },
      { step: 'approve', daysAgo: 34 },
      {
        step: 'change',
        daysAgo: 3,
        terms: {
          scope: `${PATIENT_SCOPE} patient/Patient.rs patient/Observation.rs patient/DiagnosticReport.rs`,
          redirectUris: ['https://rhythm.heartline.example/callback', 'https://beta.heartline.example/callback'],
        },
      },
    ],
  },
  {
    organization: 'heartline',
    terms: {
      name: 'Heartline Companion',
      kind: 'patient',
      auth: 'secret',
      apis: ['r4'],
      scope: `${PATIENT_SCOPE} patient/*.rs`,
      redirectUris: ['https://companion.heartline.example/callback'],
      description: 'Keeps the records of all your practices in one place.',
    },
    dataUse: CAREFUL,
    policyPath: '/companion/privacy',
    submittedDaysAgo: 70,
    history: [
      { step: 'verify', daysAgo: 66 },
      { step: 'approve', daysAgo: 64 },
    ],
  },
  {
    organization: 'northbeam',
    terms: {
      name: 'Lab Lens',
      kind: 'patient',
      auth: 'secret',
      apis: ['r4'],
      scope: `${PATIENT_SCOPE} patient/Patient.rs patient/Observation.rs patient/DiagnosticReport.rs`,
      redirectUris: ['https://lens.northbeam.example/callback'],
      description: 'Explains laboratory results in plain words.',
    },
    dataUse: CAREFUL,
    policyPath: '/lens/privacy',
    submittedDaysAgo: 50,
    history: [
      { step: 'verify', daysAgo: 45 },
      { step: 'approve', daysAgo: 43 },
      {
        step: 'suspend',
        daysAgo: 5,
        reason: {
          ground: 'security-risk',
          text: 'The app’s client secret was published in a public repository. Replace the secret, then tell us when the old one is gone.',
        },
      },
    ],
  },
  {
    organization: 'juniper',
    terms: {
      name: 'Fast Chart Download',
      kind: 'patient',
      auth: 'none',
      apis: ['r4'],
      scope: `${PATIENT_SCOPE} patient/*.rs`,
      redirectUris: ['https://chart-files.example/callback'],
      description: 'Downloads your whole chart as one file.',
    },
    dataUse: { sold: 'yes', shared: 'yes' },
    policyPath: '/download/privacy',
    submittedDaysAgo: 13,
    history: [
      {
        step: 'reject',
        daysAgo: 10,
        reason: {
          ground: 'authenticity',
          text: 'The redirect URI is under chart-files.example, and we couldn’t find out who owns that domain. Use an address of your organization, or show us that the domain is yours.',
        },
      },
    ],
  },
];
