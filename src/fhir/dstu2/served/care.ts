import type { ServedType } from '../../model/fhir-version.ts';
import { DEVICE_STATUS } from '../convert/administration/device.ts';
import { ENCOUNTER_STATUS } from '../convert/administration/encounter.ts';
import { CARE_PLAN_CATEGORIES } from '../convert/care/care-plan.ts';
import { CARE_TEAM_STATUS } from '../convert/care/care-team.ts';
import { QUESTIONNAIRE_RESPONSE_STATUS } from '../convert/care/questionnaire-response.ts';
import { FAMILY_GENDER } from '../convert/clinical/family-member-history.ts';
import { carePlanStatusTokens, careTeamCategoryTokens, goalStatusTokens } from './combined-tokens.ts';
import {
  addressParameters,
  codeParameter,
  compartmentType,
  conceptParameter,
  contactParameter,
  dateParameter,
  dateParameterWithoutExample,
  encounterParameter,
  identifierParameter,
  nameParameters,
  PERSON_TYPES,
  patientAndSubjectParameters,
  patientParameter,
  referenceParameter,
  stringParameter,
  tokenParameter,
  untranslatedTokenParameter,
} from './parameter-builders.ts';
import { recodedConceptTokens } from './token-translation.ts';
import { variantType, withVariants } from './variants.ts';

const devices = { dstu2: 'http://hl7.org/fhir/devicestatus', stored: 'http://hl7.org/fhir/device-status' };
const encounters = { dstu2: 'http://hl7.org/fhir/encounter-state', stored: 'http://hl7.org/fhir/encounter-status' };
const teams = { dstu2: 'http://hl7.org/fhir/care-plan-status', stored: 'http://hl7.org/fhir/care-team-status' };
const genders = 'http://hl7.org/fhir/administrative-gender';
const answers = 'http://hl7.org/fhir/questionnaire-answers-status';
const ACTIVITIES = ['MedicationRequest', 'ServiceRequest'];
/**
 * Parameter `participant` of CarePlan, which finds care teams only. R4 CarePlans are not indexed by participant, so
 * they match the parameter only through `:missing`.
 */
const participant = referenceParameter(
  'participant',
  'participants',
  ['Organization', ...PERSON_TYPES],
  'Who is in a care team, or manages one.',
  ['participant.member'],
);

/** Argonaut represents care teams as CarePlans with the category `careteam`. */
const CARE_TEAMS = variantType('CareTeam', 'CarePlan', [
  ...patientAndSubjectParameters,
  tokenParameter('category', 'status', careTeamCategoryTokens, 'careteam.', 'careteam'),
  codeParameter('status', 'status', teams, CARE_TEAM_STATUS, 'proposed, active, completed or cancelled.'),
  dateParameter('date', 'date', 'When the team is for.'),
  identifierParameter,
  participant,
]);

/**
 * DSTU2 types for care plans, encounters, goals, devices, and family histories, with the search parameters of DSTU2 and
 * Argonaut.
 */
export const CARE_TYPES: readonly ServedType[] = [
  withVariants(
    compartmentType('CarePlan', [
      ...patientAndSubjectParameters,
      tokenParameter(
        'category',
        'category',
        recodedConceptTokens(CARE_PLAN_CATEGORIES),
        "Argonaut's assess-plan and careteam.",
        'assess-plan',
      ),
      tokenParameter(
        'status',
        'intent-and-status',
        carePlanStatusTokens,
        'proposed, draft, active, completed or cancelled.',
        'active',
      ),
      dateParameter('date', 'date', 'When the plan is for.'),
      identifierParameter,
      conceptParameter('activitycode', 'activity-code', 'What is to be done.'),
      dateParameterWithoutExample('activitydate', 'activity-date', 'When something is to be done.'),
      referenceParameter('condition', 'condition', ['Condition'], 'A condition that it addresses.'),
      referenceParameter('goal', 'goal', ['Goal'], 'A goal of the plan.'),
      participant,
      referenceParameter('performer', 'performer', ['Organization', ...PERSON_TYPES], 'Who is to do something.'),
      referenceParameter(
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
        otherIndexes: ['replaces'],
        targets: ['CarePlan'],
        paths: ['relatedPlan.plan'],
        documentation: 'A plan that it fulfils or replaces.',
      },
    ]),
    CARE_TEAMS,
  ),
  compartmentType('Device', [
    patientParameter(),
    identifierParameter,
    conceptParameter('type', 'type', 'What kind of device it is.'),
    codeParameter('status', 'status', devices, DEVICE_STATUS, 'available, not-available, entered-in-error.'),
    stringParameter('udi', ['udi-carrier', 'udi-di'], 'The unique device identifier, or how it begins.'),
    stringParameter('manufacturer', ['manufacturer'], 'Who made it, or how that begins.'),
    stringParameter('model', ['model'], 'The model, or how it begins.'),
    referenceParameter('organization', 'organization', ['Organization'], 'Who is responsible for it.'),
    referenceParameter('location', 'location', ['Location'], 'Where it is.'),
    { kind: 'uri', name: 'url', index: 'url', documentation: 'The network address of the device.' },
  ]),
  compartmentType('Encounter', [
    patientParameter(),
    dateParameter('date', 'date', 'When it was.'),
    codeParameter(
      'status',
      'status',
      encounters,
      ENCOUNTER_STATUS,
      'planned, arrived, in-progress, onleave, finished, cancelled.',
    ),
    conceptParameter('type', 'type', 'What kind of encounter it was.'),
    identifierParameter,
    conceptParameter('reason', 'reason-code', 'Why it was.'),
    // In DSTU2, the references that Encounter `condition` and `procedure` search are at other paths than in R4.
    // Chaining and includes follow the R4 paths. These parameters therefore declare no target types, so they support
    // neither.
    referenceParameter('condition', 'diagnosis', [], 'A Condition that was diagnosed or treated.'),
    referenceParameter('procedure', 'diagnosis', [], 'A Procedure that it was for.'),
    referenceParameter('indication', 'diagnosis', [], 'A Condition or Procedure that it was for.'),
    referenceParameter('location', 'location', ['Location'], 'Where it was.'),
    dateParameterWithoutExample('location-period', 'location-period', 'When somebody was at a place.'),
    referenceParameter('part-of', 'part-of', ['Encounter'], 'The encounter that it is a part of.'),
    referenceParameter('participant', 'participant', ['Practitioner', 'RelatedPerson'], 'Who took part.'),
    referenceParameter('practitioner', 'practitioner', ['Practitioner'], 'The practitioner who took part.'),
    conceptParameter('participant-type', 'participant-type', 'How somebody took part.'),
    referenceParameter('incomingreferral', 'based-on', ['ServiceRequest'], 'The referral that led to it.', [
      'incomingReferral',
    ]),
    referenceParameter('episodeofcare', 'episode-of-care', [], 'The episode of care that it is a part of.'),
    referenceParameter('appointment', 'appointment', [], 'The appointment that it was made for.'),
    conceptParameter('special-arrangement', 'special-arrangement', 'Wheelchair, translator and others.'),
  ]),
  compartmentType('FamilyMemberHistory', [
    patientParameter(),
    dateParameter('date', 'date', 'When it was recorded or last updated.'),
    conceptParameter('code', 'code', 'A condition that the relative had.'),
    conceptParameter('condition', 'code', 'The same as code.'),
    conceptParameter('relationship', 'relationship', 'How the relative is related to the patient.'),
    codeParameter(
      'gender',
      'sex',
      { dstu2: genders, stored: genders },
      FAMILY_GENDER,
      'male, female, other, unknown: of the relative.',
    ),
    identifierParameter,
  ]),
  compartmentType('Goal', [
    ...patientAndSubjectParameters,
    tokenParameter(
      'status',
      'lifecycle-and-achievement',
      goalStatusTokens,
      'in-progress, achieved, cancelled and others.',
      'in-progress',
    ),
    {
      kind: 'date',
      name: 'date',
      index: 'start-date',
      otherIndexes: ['target-date'],
      documentation: 'When it began, or by when it is to be reached.',
      example: 'ge2000-01-01',
    },
    dateParameter('targetdate', 'target-date', 'By when it is to be reached.'),
    conceptParameter('category', 'category', 'What kind of goal it is.'),
    identifierParameter,
  ]),
  compartmentType('QuestionnaireResponse', [
    ...patientAndSubjectParameters,
    dateParameter('authored', 'authored', 'When it was answered.'),
    codeParameter(
      'status',
      'status',
      { dstu2: answers, stored: answers },
      QUESTIONNAIRE_RESPONSE_STATUS,
      'in-progress, completed, amended.',
    ),
    encounterParameter,
    referenceParameter('author', 'author', ['Device', ...PERSON_TYPES], 'Who wrote down the answers.'),
    referenceParameter('source', 'source', PERSON_TYPES, 'Who answered.'),
    referenceParameter('questionnaire', 'questionnaire', [], 'The questionnaire, by its address.'),
  ]),
  compartmentType('RelatedPerson', [
    patientParameter(),
    identifierParameter,
    untranslatedTokenParameter('gender', 'Administrative gender.'),
    dateParameter('birthdate', 'birthdate', 'Date of birth.', 'ge1940-01-01'),
    ...nameParameters('the person'),
    ...addressParameters,
    ...['telecom', 'phone', 'email'].map(contactParameter),
  ]),
];
