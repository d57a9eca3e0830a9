declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/**
 * A patient's record at one practice, which is also the compartment. A 48-bit integer that is never
 * exposed to clients.
 */
export type RecordId = Branded<number, 'RecordId'>;
export type PracticeId = Branded<number, 'PracticeId'>;
/** `Patient.id` of a record: the id by which clients know the record. */
export type PatientId = Branded<string, 'PatientId'>;
export type AccountId = Branded<string, 'AccountId'>;
/** An organization that develops apps. */
export type OrganisationId = Branded<string, 'OrganisationId'>;
export type ClientId = Branded<string, 'ClientId'>;
export type GrantId = Branded<string, 'GrantId'>;
