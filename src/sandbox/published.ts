import { type ClientId, derivedUuid } from '../kernel/index.ts';

/** Credentials that everyone may know: every sandbox account has this password, and opens generated records only. */
export const SANDBOX_USERNAME = 'patientapitest';
export const SANDBOX_PASSWORD = 'Password1!';
/** A mother with a record of her own, who acts for her children. */
export const SANDBOX_GUARDIAN_USERNAME = 'guardianapitest';
/** A doctor of the sandbox practice. */
export const SANDBOX_STAFF_USERNAME = 'staffapitest';
/** Of its front desk, who also answers for privacy; nobody in the directory. */
export const SANDBOX_DESK_USERNAME = 'deskapitest';

/** The demo app is registered like any other; its id is the same in every installation. */
export const DEMO_CLIENT_ID = derivedUuid('sandbox', 'demo app') as ClientId;
export const DEMO_SCOPE = 'openid fhirUser launch/patient online_access patient/*.rs';

/** What the API explorer and Swagger UI ask with. */
export const EXPLORER_CLIENT_ID = derivedUuid('sandbox', 'api explorer') as ClientId;
export const EXPLORER_SCOPE = 'openid fhirUser launch/patient online_access offline_access patient/*.rs';
