import { type ClientId, derivedUuid } from '../kernel/index.ts';

/** Published credentials: every sandbox account has this password and opens generated records only. */
export const SANDBOX_USERNAME = 'patientapitest';
export const SANDBOX_PASSWORD = 'Password1!';
/** A mother who has a record of her own and represents her children. */
export const SANDBOX_GUARDIAN_USERNAME = 'guardianapitest';
/** A doctor of the sandbox practice. */
export const SANDBOX_STAFF_USERNAME = 'staffapitest';
/**
 * A front desk employee of the sandbox practice who is also its privacy officer. This employee is not listed in the
 * practice's directory.
 */
export const SANDBOX_DESK_USERNAME = 'deskapitest';
/** An administrator who reviews made-up apps only. Each browser has its own copy of them. */
export const SANDBOX_ADMINISTRATOR_USERNAME = 'adminapitest';

/** A developer whose organization and apps are made up. Each browser has its own copy of them. */
export const SANDBOX_DEVELOPER_USERNAME = 'developerapitest';

/** Client id of the demo app, which is the same in every installation. The app is registered like any other. */
export const DEMO_CLIENT_ID = derivedUuid('sandbox', 'demo app') as ClientId;
export const DEMO_SCOPE = 'openid fhirUser launch/patient online_access patient/*.rs';

/** Client id of the staff app, which clinicians open from a chart. */
export const STAFF_APP_CLIENT_ID = derivedUuid('sandbox', 'staff app') as ClientId;
/**
 * Only what the app shows. `launch` brings the patient and the visit; of the results, it reads laboratory tests and
 * vital signs.
 */
export const STAFF_APP_SCOPE = [
  'launch openid fhirUser',
  ...[
    'Patient',
    'Encounter',
    'AllergyIntolerance',
    'Condition',
    'MedicationRequest',
    'MedicationStatement',
    'Immunization',
    'Procedure',
  ].map((type) => `patient/${type}.rs`),
  ...['laboratory', 'vital-signs'].map(
    (category) =>
      `patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|${category}`,
  ),
].join(' ');
/** The app of the example feed, whose private key no one has. */
export const EXAMPLE_FEED_CLIENT_ID = derivedUuid('sandbox', 'example feed') as ClientId;

/** The client of the API explorer and Swagger UI. */
export const EXPLORER_CLIENT_ID = derivedUuid('sandbox', 'api explorer') as ClientId;
export const EXPLORER_SCOPE = 'openid fhirUser launch/patient online_access offline_access patient/*.rs';
