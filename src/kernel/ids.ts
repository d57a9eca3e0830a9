declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** A patient's record at one practice: the compartment. A 48-bit integer; never shown outside. */
export type RecordId = Branded<number, 'RecordId'>;
export type PracticeId = Branded<number, 'PracticeId'>;
/** `Patient.id` of a record, what clients know a record by. */
export type PatientId = Branded<string, 'PatientId'>;
export type AccountId = Branded<string, 'AccountId'>;
/** Who makes apps. */
export type OrganisationId = Branded<string, 'OrganisationId'>;
export type ClientId = Branded<string, 'ClientId'>;
export type GrantId = Branded<string, 'GrantId'>;
