import type { ServedType } from '../core/version.ts';
import { carePlanStatuses, careTeamCategory, goalStatuses } from './combined-tokens.ts';
import { CARE_PLAN_CATEGORIES } from './convert/care-plan.ts';
import { CARE_TEAM_STATUS } from './convert/care-team.ts';
import { DEVICE_STATUS } from './convert/device.ts';
import { ENCOUNTER_STATUS } from './convert/encounter.ts';
import { FAMILY_GENDER } from './convert/family-member-history.ts';
import { ANSWERS_STATUS } from './convert/questionnaire-response.ts';
import {
  about,
  addresses,
  code,
  concept,
  contact,
  date,
  encounter,
  identifier,
  names,
  PEOPLE,
  patient,
  plainToken,
  rareDate,
  recordType,
  reference,
  string,
  token,
} from './parameters.ts';
import { form, withForms } from './served-forms.ts';
import { recodedConcepts } from './stored-tokens.ts';

const devices = { dstu2: 'http://hl7.org/fhir/devicestatus', stored: 'http://hl7.org/fhir/device-status' };
const encounters = { dstu2: 'http://hl7.org/fhir/encounter-state', stored: 'http://hl7.org/fhir/encounter-status' };
const teams = { dstu2: 'http://hl7.org/fhir/care-plan-status', stored: 'http://hl7.org/fhir/care-team-status' };
const genders = 'http://hl7.org/fhir/administrative-gender';
const answers = 'http://hl7.org/fhir/questionnaire-answers-status';
const ACTIVITIES = ['MedicationRequest', 'ServiceRequest'];
/**
 * For care teams only. R4 CarePlans are not indexed by participant, so they match this parameter only through
 * `:missing`.
 */
const participant = reference(
  'participant',
  'participants',
  ['Organization', ...PEOPLE],
  'Who is in a care team, or manages one.',
  ['participant.member'],
);

/** Argonaut represents care teams as CarePlans with the category `careteam`. */
const CARE_TEAMS = form('CareTeam', 'CarePlan', [
  ...about,
  token('category', 'status', careTeamCategory, 'careteam.', 'careteam'),
  code('status', 'status', teams, CARE_TEAM_STATUS, 'proposed, active, completed or cancelled.'),
  date('date', 'date', 'When the team is for.'),
  identifier,
  participant,
]);

/** Care plans, encounters, goals, devices, and relatives, with the search parameters of DSTU2 and Argonaut. */
export const CARE_TYPES: readonly ServedType[] = [
  withForms(
    recordType('CarePlan', [
      ...about,
      token(
        'category',
        'category',
        recodedConcepts(CARE_PLAN_CATEGORIES),
        "Argonaut's assess-plan and careteam.",
        'assess-plan',
      ),
      token(
        'status',
        'intent-and-status',
        carePlanStatuses,
        'proposed, draft, active, completed or cancelled.',
        'active',
      ),
      date('date', 'date', 'When the plan is for.'),
      identifier,
      concept('activitycode', 'activity-code', 'What is to be done.'),
      rareDate('activitydate', 'activity-date', 'When something is to be done.'),
      reference('condition', 'condition', ['Condition'], 'A condition that it addresses.'),
      reference('goal', 'goal', ['Goal'], 'A goal of the plan.'),
      participant,
      reference('performer', 'performer', ['Organization', ...PEOPLE], 'Who is to do something.'),
      reference(
        'activityreference',
        'activity-reference',
        ACTIVITIES,
        'What is to be done, as a resource of its own.',
        ['activity.reference'],
      ),
      {
        kind: 'reference',
        name: 'relatedplan',
        index: 'based-on',
        also: ['replaces'],
        targets: ['CarePlan'],
        at: ['relatedPlan.plan'],
        documentation: 'A plan that it fulfils or replaces.',
      },
    ]),
    CARE_TEAMS,
  ),
  recordType('Device', [
    patient(),
    identifier,
    concept('type', 'type', 'What kind of device it is.'),
    code('status', 'status', devices, DEVICE_STATUS, 'available, not-available, entered-in-error.'),
    string('udi', ['udi-carrier', 'udi-di'], 'The unique device identifier, or how it begins.'),
    string('manufacturer', ['manufacturer'], 'Who made it, or how that begins.'),
    string('model', ['model'], 'The model, or how it begins.'),
    reference('organization', 'organization', ['Organization'], 'Who is responsible for it.'),
    reference('location', 'location', ['Location'], 'Where it is.'),
    { kind: 'uri', name: 'url', index: 'url', documentation: 'The network address of the device.' },
  ]),
  recordType('Encounter', [
    patient(),
    date('date', 'date', 'When it was.'),
    code(
      'status',
      'status',
      encounters,
      ENCOUNTER_STATUS,
      'planned, arrived, in-progress, onleave, finished, cancelled.',
    ),
    concept('type', 'type', 'What kind of encounter it was.'),
    identifier,
    concept('reason', 'reason-code', 'Why it was.'),
    // In DSTU2 these references are at other paths than the R4 links that chaining and includes follow, so no target
    // types are declared.
    reference('condition', 'diagnosis', [], 'A Condition that was diagnosed or treated.'),
    reference('procedure', 'diagnosis', [], 'A Procedure that it was for.'),
    reference('indication', 'diagnosis', [], 'A Condition or Procedure that it was for.'),
    reference('location', 'location', ['Location'], 'Where it was.'),
    rareDate('location-period', 'location-period', 'When somebody was at a place.'),
    reference('part-of', 'part-of', ['Encounter'], 'The encounter that it is a part of.'),
    reference('participant', 'participant', ['Practitioner', 'RelatedPerson'], 'Who took part.'),
    reference('practitioner', 'practitioner', ['Practitioner'], 'The practitioner who took part.'),
    concept('participant-type', 'participant-type', 'How somebody took part.'),
    reference('incomingreferral', 'based-on', ['ServiceRequest'], 'The referral that led to it.', ['incomingReferral']),
    reference('episodeofcare', 'episode-of-care', [], 'The episode of care that it is a part of.'),
    reference('appointment', 'appointment', [], 'The appointment that it was made for.'),
    concept('special-arrangement', 'special-arrangement', 'Wheelchair, translator and others.'),
  ]),
  recordType('FamilyMemberHistory', [
    patient(),
    date('date', 'date', 'When it was recorded or last updated.'),
    concept('code', 'code', 'A condition that the relative had.'),
    concept('condition', 'code', 'The same as code.'),
    concept('relationship', 'relationship', 'How the relative is related to the patient.'),
    code(
      'gender',
      'sex',
      { dstu2: genders, stored: genders },
      FAMILY_GENDER,
      'male, female, other, unknown: of the relative.',
    ),
    identifier,
  ]),
  recordType('Goal', [
    ...about,
    token(
      'status',
      'lifecycle-and-achievement',
      goalStatuses,
      'in-progress, achieved, cancelled and others.',
      'in-progress',
    ),
    {
      kind: 'date',
      name: 'date',
      index: 'start-date',
      also: ['target-date'],
      documentation: 'When it began, or by when it is to be reached.',
      example: 'ge2000-01-01',
    },
    date('targetdate', 'target-date', 'By when it is to be reached.'),
    concept('category', 'category', 'What kind of goal it is.'),
    identifier,
  ]),
  recordType('QuestionnaireResponse', [
    ...about,
    date('authored', 'authored', 'When it was answered.'),
    code('status', 'status', { dstu2: answers, stored: answers }, ANSWERS_STATUS, 'in-progress, completed, amended.'),
    encounter,
    reference('author', 'author', ['Device', ...PEOPLE], 'Who wrote down the answers.'),
    reference('source', 'source', PEOPLE, 'Who answered.'),
    reference('questionnaire', 'questionnaire', [], 'The questionnaire, by its address.'),
  ]),
  recordType('RelatedPerson', [
    patient(),
    identifier,
    plainToken('gender', 'Administrative gender.'),
    date('birthdate', 'birthdate', 'Date of birth.', 'ge1940-01-01'),
    ...names('the person'),
    ...addresses,
    ...['telecom', 'phone', 'email'].map(contact),
  ]),
];
