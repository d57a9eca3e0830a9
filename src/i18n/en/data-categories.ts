import { terms } from './terms.ts';
/** Names of data categories, worded for patients, representatives and staff alike. */
export const dataCategories = {
  /** Headings of the groups of data categories. */
  groups: {
    person: terms.dataGroups.person,
    problems: 'Conditions and care',
    medicines: 'Medications',
    results: 'Lab results and vitals',
    allergies: 'Allergies and vaccines',
    visits: 'Visits and notes',
    life: 'Daily life and family',
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
    RelatedPerson: { label: 'Family and caregivers', detail: 'Who they are, and how to contact them.' },
    Location: { label: 'Places of care', detail: 'Clinics, hospital units and other places named in the record.' },
    MedicationDispense: {
      label: 'Dispensed medicines',
      detail: 'Medicines from a pharmacy or the practice: which ones, how much, and when.',
    },
    MedicationStatement: {
      label: 'Reported medicines',
      detail: 'Medicines that the patient or others reported to the practice.',
    },
    MedicationAdministration: {
      label: 'Medicines given during care',
      detail: 'Medicines given at a visit or in the hospital, and when.',
    },
    Medication: { label: 'Names of medicines', detail: 'Their names, their form, and what is in them.' },
    DiagnosticReport: { label: 'Test reports', detail: 'Reports of lab tests, X-rays and scans, with their findings.' },
    Procedure: { label: 'Procedures', detail: 'Operations, treatments and exams: what was done, and when.' },
    CarePlan: { label: 'Care plans', detail: 'The treatment that is planned, and the next steps.' },
    Goal: { label: 'Goals', detail: 'What treatment should achieve, and by when.' },
    CareTeam: { label: 'Care team', detail: 'The people who provide care, and their roles.' },
    ServiceRequest: {
      label: 'Orders and referrals',
      detail: 'Tests, treatments and visits to other clinicians that were ordered.',
    },
    Device: { label: 'Implants and devices', detail: 'Such as a pacemaker or an artificial joint, with its number.' },
    Specimen: { label: 'Samples', detail: 'Blood and other samples: what was collected, and when.' },
    Media: { label: 'Pictures and recordings', detail: 'Photos, drawings and recordings in the record.' },
    QuestionnaireResponse: { label: 'Questionnaire answers', detail: 'The questions on a form, with their answers.' },
    Coverage: { label: 'Insurance', detail: 'The insurance company, the plan and the member number.' },
    ExplanationOfBenefit: {
      label: 'Bills and payments',
      detail: 'What was billed to insurance, and what insurance paid.',
    },
    Appointment: { label: 'Appointments', detail: 'When, where and with whom.' },
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
        detail: 'Illnesses and health problems that the practice tracks.',
      },
      'encounter-diagnosis': {
        label: 'Diagnoses from visits',
        detail: 'What was found or treated at an appointment or hospital stay.',
      },
      'health-concern': {
        label: 'Health concerns',
        detail: 'Worries and risks, such as trouble getting food or housing.',
      },
    },
    Observation: {
      laboratory: { label: 'Lab results', detail: 'Blood, urine and other samples.' },
      'vital-signs': { label: 'Vital signs', detail: 'Blood pressure, pulse, temperature, height and weight.' },
      'clinical-test': {
        label: 'Exams and other tests',
        detail: 'Such as ECGs, eye exams, X-rays and scans.',
      },
      'social-history': {
        label: 'Personal life',
        detail: 'Smoking, alcohol, exercise, work, pregnancy, sexual orientation.',
      },
      sdoh: { label: 'Living situation', detail: 'Food, housing, money, transportation, and safety at home.' },
      survey: {
        label: 'Questionnaires and assessments',
        detail: 'Answers to questions, how daily life is going, and wishes about care.',
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
    PractitionerRole: 'Roles and workplaces of clinicians',
    HealthcareService: 'Services that practices offer',
    Endpoint: 'System addresses',
    Questionnaire: 'Questionnaires',
    ValueSet: 'Code lists',
  },
  /** Label of a granular scope that has no name of its own, such as "Some medicines". */
  partialLabel: (label: string) => `Some ${label.toLowerCase()}`,
  partialDetail: 'Only certain ones that the app asks for, not all of them.',
};
