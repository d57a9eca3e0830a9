import { terms } from './terms.ts';
/** Names of data categories, worded for patients, representatives and staff alike. */
export const dataCategories = {
  /** Headings of the groups of data categories. */
  groups: {
    person: terms.dataGroups.person,
    medicines: 'Medicines, allergies and vaccinations',
    problems: 'Health problems',
    results: terms.dataGroups.results,
    care: 'Visits and treatment',
    documents: 'Notes, documents and forms',
    money: 'Insurance and bills',
  },
  /** Labels and details of data categories, by FHIR R4 resource type. */
  types: {
    Patient: { label: 'Personal details', detail: 'Name, birth date, address, phone, language, race and ethnicity.' },
    MedicationRequest: { label: 'Medicines', detail: 'What was prescribed, how to take it, and when.' },
    AllergyIntolerance: { label: 'Allergies', detail: 'What causes a reaction, and what kind of reaction.' },
    Immunization: { label: 'Vaccinations', detail: 'Which vaccines were given, and when.' },
    Encounter: { label: 'Visits', detail: 'Visits and hospital stays: when, where and why.' },
    DocumentReference: { label: 'Notes and documents', detail: 'Visit notes and letters, with their text.' },
    RelatedPerson: { label: 'Family and carers', detail: 'Who they are, and how to reach them.' },
    Location: { label: 'Places of care', detail: 'Clinics, wards and other places that are named.' },
    MedicationDispense: {
      label: 'Medicines handed out',
      detail: 'What a pharmacy or the practice gave out, how much, and when.',
    },
    MedicationStatement: { label: 'Medicines taken', detail: 'What is taken, as it was told to the practice.' },
    MedicationAdministration: {
      label: 'Medicines given',
      detail: 'What was given at a visit or in hospital, and when.',
    },
    Medication: { label: 'Names of medicines', detail: 'What they are called, their form, and what is in them.' },
    DiagnosticReport: { label: 'Test reports', detail: 'Reports of labs, X-rays and scans, and what they say.' },
    Procedure: { label: 'Procedures', detail: 'Operations, treatments and examinations: what was done, and when.' },
    CarePlan: { label: 'Care plans', detail: 'What is planned for treatment, and how it is to go on.' },
    Goal: { label: 'Goals', detail: 'What treatment is to reach, and by when.' },
    CareTeam: { label: 'Care team', detail: 'Who takes care of what.' },
    ServiceRequest: { label: 'Orders and referrals', detail: 'What was ordered: tests, treatments, other clinicians.' },
    Device: { label: 'Implants and devices', detail: 'Such as a pacemaker or an artificial joint, with its number.' },
    Specimen: { label: 'Samples', detail: 'Blood and other samples: what was taken, and when.' },
    Media: { label: 'Pictures and recordings', detail: 'Photos, drawings and recordings in the record.' },
    QuestionnaireResponse: { label: 'Answers to questionnaires', detail: 'Each question of a form, with its answer.' },
    Coverage: { label: 'Insurance', detail: 'Who pays, with the plan and the member number.' },
    ExplanationOfBenefit: { label: 'Bills and payments', detail: 'What insurance was billed for, and what it paid.' },
    Appointment: { label: 'Appointments', detail: 'What is arranged: when, where and with whom.' },
    FamilyMemberHistory: {
      label: 'Family health history',
      detail: 'Illnesses of relatives: who had what, and at what age.',
    },
    Condition: { label: 'Health problems', detail: 'Diagnoses, the problem list and health concerns.' },
    Observation: {
      label: 'Test results and measurements',
      detail: 'Lab results, blood pressure, weight, and answers about smoking or living situation.',
    },
  },
  /**
   * Labels and details of parts of a resource type that can be shared separately, such as the problem list of
   * Condition.
   */
  parts: {
    Condition: {
      'problem-list-item': {
        label: 'Problem list',
        detail: 'Illnesses and health problems that the practice keeps an eye on.',
      },
      'encounter-diagnosis': {
        label: 'Diagnoses from visits',
        detail: 'What was found or treated at an appointment or hospital stay.',
      },
      'health-concern': {
        label: 'Health concerns',
        detail: 'Worries and risks, such as trouble with food or housing.',
      },
    },
    Observation: {
      laboratory: { label: 'Lab results', detail: 'Blood, urine and other samples.' },
      'vital-signs': { label: 'Vital signs', detail: 'Blood pressure, pulse, temperature, height and weight.' },
      'clinical-test': {
        label: 'Examinations and other tests',
        detail: 'Such as heart tracings, eye tests, X-rays and scans.',
      },
      'social-history': {
        label: 'Personal life',
        detail: 'Smoking, alcohol, exercise, work, pregnancy, sexual orientation.',
      },
      sdoh: { label: 'Living situation', detail: 'Food, housing, money, transport, and safety at home.' },
      survey: {
        label: 'Questionnaires and assessments',
        detail: 'Answers given, how well daily life goes, and wishes about care.',
      },
    },
  },
  /**
   * Names of supporting resource types. They aren't listed on the consent page, and are shared along with the resources
   * that refer to them.
   */
  supporting: {
    Practitioner: 'Clinicians',
    Organization: 'Practices and other organizations',
    Provenance: 'Where entries came from',
    PractitionerRole: 'What clinicians do where',
    HealthcareService: 'Services of practices',
    Endpoint: 'Addresses of systems',
    Questionnaire: 'Questionnaires',
    ValueSet: 'Lists of codes',
  },
  /** Label of a granular scope that has no name of its own, such as "Some medicines". */
  partialLabel: (label: string) => `Some ${label.toLowerCase()}`,
  partialDetail: 'Only certain ones that the app names, not all of them.',
};
