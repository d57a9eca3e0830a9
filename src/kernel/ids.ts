declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/**
 * Id of a patient's record at one practice, which is also the FHIR compartment. It is a 48-bit integer that clients
 * never see.
 */
export type RecordId = Branded<number, 'RecordId'>;
export type PracticeId = Branded<number, 'PracticeId'>;
/** `Patient.id` of a patient record. Clients know the record by this id. */
export type PatientId = Branded<string, 'PatientId'>;
export type AccountId = Branded<string, 'AccountId'>;
/** Id of an organization that develops apps. */
export type OrganisationId = Branded<string, 'OrganisationId'>;
export type ClientId = Branded<string, 'ClientId'>;
export type GrantId = Branded<string, 'GrantId'>;
