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
  'A member or the manager of a care team.',
  ['participant.member'],
);

/** Argonaut represents care teams as CarePlans with the category `careteam`. */
const CARE_TEAMS = variantType('CareTeam', 'CarePlan', [
  ...patientAndSubjectParameters,
  tokenParameter('category', 'status', careTeamCategoryTokens, 'careteam.', 'careteam'),
  codeParameter('status', 'status', teams, CARE_TEAM_STATUS, 'proposed, active, completed or cancelled.'),
  dateParameter('date', 'date', 'Period of the care team.'),
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
        'Argonaut’s assess-plan or careteam.',
        'assess-plan',
      ),
      tokenParameter(
        'status',
        'intent-and-status',
        carePlanStatusTokens,
        'proposed, draft, active, completed or cancelled.',
        'active',
      ),
      dateParameter('date', 'date', 'Period of the plan.'),
      identifierParameter,
      conceptParameter('activitycode', 'activity-code', 'Code of a planned activity.'),
      dateParameterWithoutExample('activitydate', 'activity-date', 'Time of a planned activity.'),
      referenceParameter('condition', 'condition', ['Condition'], 'A condition that the plan addresses.'),
      referenceParameter('goal', 'goal', ['Goal'], 'A goal of the plan.'),
      participant,
      referenceParameter(
        'performer',
        'performer',
        ['Organization', ...PERSON_TYPES],
        'Person or organization that performs a planned activity.',
      ),
      referenceParameter('activityreference', 'activity-reference', ACTIVITIES, 'Resource of a planned activity.', [
        'activity.reference',
      ]),
      {
        kind: 'reference',
        name: 'relatedplan',
        index: 'based-on',
        otherIndexes: ['replaces'],
        targets: ['CarePlan'],
        paths: ['relatedPlan.plan'],
        documentation: 'A plan that this plan fulfills or replaces.',
      },
    ]),
    CARE_TEAMS,
  ),
  compartmentType('Device', [
    patientParameter(),
    identifierParameter,
    conceptParameter('type', 'type', 'Type of device.'),
    codeParameter('status', 'status', devices, DEVICE_STATUS, 'available, not-available, entered-in-error.'),
    stringParameter('udi', ['udi-carrier', 'udi-di'], 'Unique device identifier (UDI) or its beginning.'),
    stringParameter('manufacturer', ['manufacturer'], 'Manufacturer or the beginning of its name.'),
    stringParameter('model', ['model'], 'Model or its beginning.'),
    referenceParameter('organization', 'organization', ['Organization'], 'Organization responsible for the device.'),
    referenceParameter('location', 'location', ['Location'], 'Location of the device.'),
    { kind: 'uri', name: 'url', index: 'url', documentation: 'Network address of the device.' },
  ]),
  compartmentType('Encounter', [
    patientParameter(),
    dateParameter('date', 'date', 'Time of the encounter.'),
    codeParameter(
      'status',
      'status',
      encounters,
      ENCOUNTER_STATUS,
      'planned, arrived, in-progress, onleave, finished, cancelled.',
    ),
    conceptParameter('type', 'type', 'Type of encounter.'),
    identifierParameter,
    conceptParameter('reason', 'reason-code', 'Reason for the encounter.'),
    // In DSTU2, the references that Encounter `condition` and `procedure` search are at other paths than in R4.
    // Chaining and includes follow the R4 paths. These parameters therefore declare no target types, so they support
    // neither.
    referenceParameter('condition', 'diagnosis', [], 'A Condition diagnosed or treated in the encounter.'),
    referenceParameter('procedure', 'diagnosis', [], 'A Procedure performed in the encounter.'),
    referenceParameter('indication', 'diagnosis', [], 'A Condition or Procedure of the encounter.'),
    referenceParameter('location', 'location', ['Location'], 'Location of the encounter.'),
    dateParameterWithoutExample('location-period', 'location-period', 'Time at a location.'),
    referenceParameter('part-of', 'part-of', ['Encounter'], 'The encounter that this encounter is part of.'),
    referenceParameter(
      'participant',
      'participant',
      ['Practitioner', 'RelatedPerson'],
      'A participant in the encounter.',
    ),
    referenceParameter(
      'practitioner',
      'practitioner',
      ['Practitioner'],
      'A practitioner who took part in the encounter.',
    ),
    conceptParameter('participant-type', 'participant-type', 'Role of a participant.'),
    referenceParameter('incomingreferral', 'based-on', ['ServiceRequest'], 'The referral that led to the encounter.', [
      'incomingReferral',
    ]),
    referenceParameter('episodeofcare', 'episode-of-care', [], 'The episode of care that the encounter is part of.'),
    referenceParameter('appointment', 'appointment', [], 'The appointment for the encounter.'),
    conceptParameter(
      'special-arrangement',
      'special-arrangement',
      'Special arrangements such as wheelchair or translator.',
    ),
  ]),
  compartmentType('FamilyMemberHistory', [
    patientParameter(),
    dateParameter('date', 'date', 'Time when the entry was recorded or last updated.'),
    conceptParameter('code', 'code', 'A condition of the relative.'),
    conceptParameter('condition', 'code', 'Same as code.'),
    conceptParameter('relationship', 'relationship', 'The relative’s relationship to the patient.'),
    codeParameter(
      'gender',
      'sex',
      { dstu2: genders, stored: genders },
      FAMILY_GENDER,
      'Gender of the relative: male, female, other or unknown.',
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
      documentation: 'Start date or target date of the goal.',
      example: 'ge2000-01-01',
    },
    dateParameter('targetdate', 'target-date', 'Target date of the goal.'),
    conceptParameter('category', 'category', 'Type of goal.'),
    identifierParameter,
  ]),
  compartmentType('QuestionnaireResponse', [
    ...patientAndSubjectParameters,
    dateParameter('authored', 'authored', 'Time when the questionnaire was answered.'),
    codeParameter(
      'status',
      'status',
      { dstu2: answers, stored: answers },
      QUESTIONNAIRE_RESPONSE_STATUS,
      'in-progress, completed, amended.',
    ),
    encounterParameter,
    referenceParameter('author', 'author', ['Device', ...PERSON_TYPES], 'Person who recorded the answers.'),
    referenceParameter('source', 'source', PERSON_TYPES, 'Person who answered.'),
    referenceParameter('questionnaire', 'questionnaire', [], 'URL of the questionnaire.'),
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
