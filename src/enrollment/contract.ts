import type { AccountId, PatientId, PracticeId, RecordId } from '../kernel/index.ts';
import type { Brand, Language } from '../words/index.ts';

/** What enrollment reads of a patient's record: nothing of it is typed in at the desk. */
export interface Chart {
  readonly recordId: RecordId;
  readonly patientId: PatientId;
  readonly practiceId: PracticeId;
  readonly practiceName: string;
  readonly practiceKind: 'sandbox' | 'live';
  readonly practicePhone: string | undefined;
  readonly practiceEmail: string | undefined;
  /** Of the practice; IANA. */
  readonly timeZone: string;
  readonly name: string;
  /** ISO 8601 date. */
  readonly birthDate: string | undefined;
  /** Whole years, today where the practice is. */
  readonly age: number | undefined;
  /** First five digits of the ZIP code at home. */
  readonly postalCode: string | undefined;
  /** Lines of the address at home, for a letter. */
  readonly addressLines: readonly string[];
  /** Folded. */
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  /** Folded: of people to turn to, such as a parent. */
  readonly contactEmails: readonly string[];
  readonly language: Language;
  /** Who else is in the record: whom a representative's invitation can be for. */
  readonly relatedPersons: readonly RelatedPersonInChart[];
  /** What the patient can't be invited without. */
  readonly missing: readonly MissingItem[];
}

export type MissingItem = 'name' | 'birth-date' | 'postal-code';

export interface RelatedPersonInChart {
  readonly id: string;
  readonly name: string;
  readonly relationship: string;
  readonly emails: readonly string[];
  readonly addressLines: readonly string[];
}

/** Who does it: a member of staff; undefined account: the command line. */
export interface By {
  readonly accountId: AccountId | undefined;
  readonly requestId: string;
}

export interface WantedInvitation {
  readonly recordId: RecordId;
  readonly whom: { readonly kind: 'patient' } | { readonly kind: 'representative'; readonly relatedPersonId: string };
  /** Where it is mailed; undefined: a letter is printed. */
  readonly email: string | undefined;
  readonly language: Language;
}

/** The code that makes sure it is the patient: on another way than the invitation. `contact`: mailed to an address on the chart. */
export type CodeWay = 'in-person' | 'phone' | 'contact';

export interface MadeInvitation {
  readonly invitationId: string;
  /** What the letter has printed on it, in groups: `ABCD-EFGH-…`; undefined: it was mailed. Shown once, kept as a hash. */
  readonly letterCode: string | undefined;
}

/** `declined`: by whoever opened it; they may think better of it. `failed`: there were too many wrong answers. */
export type InvitationState = 'open' | 'used' | 'cancelled' | 'declined' | 'expired' | 'failed';

export interface Invitation {
  readonly invitationId: string;
  readonly kind: 'patient' | 'representative';
  readonly recordId: RecordId;
  readonly name: string;
  /** undefined: a letter. */
  readonly email: string | undefined;
  /** In the record, of a representative. */
  readonly relatedPersonId: string | undefined;
  readonly language: Language;
  readonly state: InvitationState;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** A time of the last day on which it is good all day long: what people are told. */
  readonly lastDay: Date;
  /** Whether a code is out, and on which way. */
  readonly codeBy: CodeWay | undefined;
}

export type EnrollmentRefusal =
  | 'chart-incomplete'
  | 'too-young' // under 12: who acts for the child is invited
  | 'already-enrolled'
  | 'declined' // the patient wants no account: undoDecline comes first
  | 'address-unusable'
  | 'address-used' // another account, or another person's open invitation, has it
  | 'address-of-guardian' // of a patient of 12 to 17
  | 'address-is-invitation' // a code by contact must go elsewhere than the invitation
  | 'no-contact'
  | 'over'; // used, cancelled, expired or failed meanwhile

/** Why it can't be done, to be told to staff. */
export class EnrollmentFault extends Error {
  override readonly name = 'EnrollmentFault';
  readonly refusal: EnrollmentRefusal;
  constructor(refusal: EnrollmentRefusal) {
    super(refusal);
    this.refusal = refusal;
  }
}

/** What the desk does about enrollment. Everything is audited, and throws `EnrollmentFault` where it can't be done. */
export interface Enrollments {
  chart(recordId: RecordId): Promise<Chart | undefined>;
  invite(by: By, wanted: WantedInvitation): Promise<MadeInvitation>;
  /** The same invitation anew: what was sent before is over. */
  resend(by: By, invitationId: string): Promise<MadeInvitation>;
  cancel(by: By, invitationId: string): Promise<void>;
  /** @returns the code to be told; undefined: it was mailed */
  giveCode(by: By, invitationId: string, way: CodeWay): Promise<string | undefined>;
  /** The address that a code by `contact` would go to; undefined: the chart has none that it may. */
  codeContact(invitationId: string): Promise<string | undefined>;
  decline(by: By, recordId: RecordId, reason: string): Promise<void>;
  /** The patient wants an account after all. */
  undoDecline(by: By, recordId: RecordId): Promise<void>;
  /** The newest first. */
  ofRecord(recordId: RecordId): Promise<readonly Invitation[]>;
  /** One of a practice's; undefined: there is none, or it is another's. Ask this before what takes an invitation's id. */
  find(practiceId: PracticeId, invitationId: string): Promise<Invitation | undefined>;
  /** What the letter says; a bulk's codes were shown to nobody, so its letters are printed of `resend`. */
  letter(made: MadeInvitation): Promise<Letter | undefined>;

  /**
   * Invites the patients of a CSV file in the background: columns by their names, `mrn` or `patient_id`, or `name` and
   * `birth_date`; `email`, else the first on the chart, else a letter. Throws `BulkFileFault` with words for the desk.
   * Of those that `visitor` is given for, only what the same browser began is found.
   * @returns its id
   */
  startBulk(by: BulkBy, practiceId: PracticeId, file: Uint8Array): Promise<string>;
  /** The newest first. */
  bulkOf(practiceId: PracticeId, visitor?: Buffer): Promise<readonly BulkProgress[]>;
  bulkProgress(bulkId: string, practiceId: PracticeId, visitor?: Buffer): Promise<BulkProgress | undefined>;
  bulkReport(bulkId: string, practiceId: PracticeId, visitor?: Buffer): Promise<readonly BulkReportRow[]>;
  /** Goes on with what was started, by this process or another that is no more: to be called again and again. */
  workOff(): Promise<void>;
}

export interface BulkBy extends By {
  readonly accountId: AccountId;
  /**
   * SHA-256 of what tells the browser apart of whoever signed in with what everyone knows: what they gave there is seen
   * there, and nowhere else that has the same name and password.
   */
  readonly visitor?: Buffer | undefined;
}

export interface BulkProgress {
  readonly bulkId: string;
  readonly createdAt: Date;
  readonly finishedAt: Date | undefined;
  /** Who started it. */
  readonly byName: string | undefined;
  readonly total: number;
  readonly done: number;
  readonly invited: number;
  readonly refused: number;
}

export interface BulkReportRow {
  /** Of the file, from 1. */
  readonly line: number;
  /** As it stands there: `mrn`, `patient_id`, `name`, `birth_date`, `email`. */
  readonly given: Readonly<Record<string, string>>;
  /** undefined: not looked at yet. */
  readonly outcome: 'invited' | 'refused' | undefined;
  /** Why not, in words. */
  readonly reason: string | undefined;
  readonly recordId: RecordId | undefined;
  readonly patientId: PatientId | undefined;
  readonly invitationId: string | undefined;
  /** It is to be printed: there is no address. */
  readonly letter: boolean;
}

/** What is printed and posted, in the language of the invitation. */
export interface Letter {
  readonly kind: Invitation['kind'];
  readonly language: Language;
  readonly brand: Brand;
  /** Postal address of the practice. */
  readonly sender: readonly string[];
  /** For the envelope's window: name, and where the patient lives. */
  readonly window: readonly string[];
  /** Whom the account is for. */
  readonly name: string;
  readonly patientName: string;
  /** `https://…/enroll` */
  readonly address: string;
  /** `ABCD-EFGH-…` */
  readonly code: string;
  /** What the QR code opens. */
  readonly link: string;
  readonly today: string;
  readonly until: string;
}
