import type { PracticeKind } from '../domain/index.ts';
import type { Language, PageBrand } from '../i18n/index.ts';
import type { AccountId, PatientId, PracticeId, RecordId } from '../kernel/index.ts';

/**
 * The parts of a patient's record that enrollment uses. The practice portal reads them from the record; staff enter
 * none of them.
 */
export interface PatientChart {
  readonly recordId: RecordId;
  readonly patientId: PatientId;
  readonly practiceId: PracticeId;
  readonly practiceName: string;
  readonly practiceKind: PracticeKind;
  readonly practicePhone: string | undefined;
  readonly practiceEmail: string | undefined;
  /** IANA time zone of the practice. */
  readonly timeZone: string;
  readonly name: string;
  /** ISO 8601 date. */
  readonly birthDate: string | undefined;
  /** Whole years, today in the practice's time zone. */
  readonly age: number | undefined;
  /** First five digits of the home address's ZIP code. */
  readonly postalCode: string | undefined;
  /** Lines of the home address, for a letter. */
  readonly addressLines: readonly string[];
  /** Normalized. */
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  /** Normalized addresses of the patient's contacts (Patient.contact), such as a parent. */
  readonly contactEmails: readonly string[];
  readonly language: Language;
  /** RelatedPersons in the record, who can be invited as representatives. */
  readonly relatedPersons: readonly RelatedPersonInChart[];
  /** Details that the chart lacks and without which the patient can't be invited. */
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

/** The actor of an enrollment action: a staff member, or the command line if the account is `undefined`. */
export interface EnrollmentActor {
  readonly accountId: AccountId | undefined;
  readonly requestId: string;
}

export interface EnrollmentInvitationRequest {
  readonly recordId: RecordId;
  readonly whom: { readonly kind: 'patient' } | { readonly kind: 'representative'; readonly relatedPersonId: string };
  /** Email address for the invitation; `undefined` for a printed letter. */
  readonly email: string | undefined;
  readonly language: Language;
}

/**
 * How the verification code reaches the patient. It must not use the invitation's own channel. `contact`: by email to
 * an address in the chart.
 */
export type CodeChannel = 'in-person' | 'phone' | 'contact';

export interface CreatedInvitation {
  readonly invitationId: string;
  /**
   * Code printed on the letter, in groups: `ABCD-EFGH-…`. It is displayed once and stored as a hash. `undefined` if the
   * invitation was emailed.
   */
  readonly letterCode: string | undefined;
}

/**
 * `declined`: the person who opened it declined, and can still change their mind. `failed`: there were too many wrong
 * answers.
 */
export type InvitationState = 'open' | 'used' | 'cancelled' | 'declined' | 'expired' | 'failed';

export interface Invitation {
  readonly invitationId: string;
  readonly kind: 'patient' | 'representative';
  readonly recordId: RecordId;
  readonly name: string;
  /** `undefined` for a letter. */
  readonly email: string | undefined;
  /** The representative's RelatedPerson in the record. */
  readonly relatedPersonId: string | undefined;
  readonly language: Language;
  readonly state: InvitationState;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** A time on the last day that is valid in full, which is the day displayed to people. */
  readonly lastDay: Date;
  /** Channel of the valid verification code; `undefined` if there is none. */
  readonly codeChannel: CodeChannel | undefined;
}

export type EnrollmentRejection =
  | 'chart-incomplete'
  | 'too-young' // under 12: invite a representative instead
  | 'already-enrolled'
  | 'declined' // the patient declined an account: call undoDecline first
  | 'address-unusable'
  | 'address-used' // it belongs to another account or another person's open invitation
  | 'address-of-guardian' // the patient is 12 to 17 and the address is a guardian's
  | 'address-is-invitation' // a code by contact must go to another address than the invitation
  | 'no-contact'
  | 'over'; // used, canceled, expired or failed in the meantime

/** Thrown when an enrollment action is rejected. Staff see the reason. */
export class EnrollmentError extends Error {
  override readonly name = 'EnrollmentFault';
  readonly rejection: EnrollmentRejection;
  constructor(rejection: EnrollmentRejection) {
    super(rejection);
    this.rejection = rejection;
  }
}

/**
 * Enrollment actions of the practice portal. Each is recorded in the audit log and throws `EnrollmentError` when it is
 * rejected.
 */
export interface Enrollments {
  readChart(recordId: RecordId): Promise<PatientChart | undefined>;
  invite(by: EnrollmentActor, request: EnrollmentInvitationRequest): Promise<CreatedInvitation>;
  /** Sends the same invitation again with a new link or code; the previous one no longer works. */
  resend(by: EnrollmentActor, invitationId: string): Promise<CreatedInvitation>;
  cancel(by: EnrollmentActor, invitationId: string): Promise<void>;
  /** Creates a new verification code. @returns the code to tell the patient; `undefined` if it was emailed */
  issueCode(by: EnrollmentActor, invitationId: string, way: CodeChannel): Promise<string | undefined>;
  /** Returns the address that a code by `contact` would go to; `undefined` if the chart has no permitted one. */
  findCodeContact(invitationId: string): Promise<string | undefined>;
  decline(by: EnrollmentActor, recordId: RecordId, reason: string): Promise<void>;
  /** Withdraws the patient's decision against an account. */
  undoDecline(by: EnrollmentActor, recordId: RecordId): Promise<void>;
  /** The newest first. */
  listForRecord(recordId: RecordId): Promise<readonly Invitation[]>;
  /**
   * Finds an invitation of a practice; `undefined` if there is none or it belongs to another practice. Call this before
   * the methods that take an invitation id, which don't check the practice.
   */
  find(practiceId: PracticeId, invitationId: string): Promise<Invitation | undefined>;
  /**
   * Contents of the letter. Codes of bulk invitations are never displayed, so their letters are printed after `resend`.
   */
  createLetter(created: CreatedInvitation): Promise<InvitationLetter | undefined>;

  /**
   * Invites the patients of a CSV file in the background. Columns are matched by name: `mrn` or `patient_id`, or `name`
   * and `birth_date`. The invitation goes to `email`, otherwise to the first address in the chart, otherwise a letter
   * is needed. Throws `BulkFileError` with a message for staff. If `visitor` is given, the file is only visible in the
   * same browser.
   * @returns the id of the bulk invitation
   */
  startBulkInvitation(by: BulkInvitationActor, practiceId: PracticeId, file: Uint8Array): Promise<string>;
  /** The newest first. */
  listBulkInvitations(practiceId: PracticeId, visitor?: Buffer): Promise<readonly BulkProgress[]>;
  findBulkProgress(bulkId: string, practiceId: PracticeId, visitor?: Buffer): Promise<BulkProgress | undefined>;
  listBulkReport(bulkId: string, practiceId: PracticeId, visitor?: Buffer): Promise<readonly BulkReportRow[]>;
  /** Processes rows of a file for one turn: the handler of the queue `bulk-invitation`. */
  processBulkTurn(bulkId: string): Promise<void>;
  /** Takes a turn for each unfinished file. */
  processPendingRows(): Promise<void>;
  /** Adds jobs for unfinished files that have none, such as those of an earlier release. */
  queueUnfinishedBulks(): Promise<void>;
}

export interface BulkInvitationActor extends EnrollmentActor {
  readonly accountId: AccountId;
  /**
   * SHA-256 of the browser's cookie, for users of shared sandbox accounts: files that they upload are visible in their
   * own browser only, not to other users of the same account.
   */
  readonly visitor?: Buffer | undefined;
}

export interface BulkProgress {
  readonly bulkId: string;
  readonly createdAt: Date;
  readonly finishedAt: Date | undefined;
  /** Display name of the user who started it. */
  readonly startedBy: string | undefined;
  readonly total: number;
  readonly done: number;
  readonly invited: number;
  readonly refused: number;
}

export interface BulkReportRow {
  /** Line number in the file, from 1. */
  readonly line: number;
  /** Values of the row: `mrn`, `patient_id`, `name`, `birth_date`, `email`. */
  readonly given: Readonly<Record<string, string>>;
  /** `undefined` while the row is pending. */
  readonly outcome: 'invited' | 'refused' | undefined;
  /** Message that explains a rejection. */
  readonly reason: string | undefined;
  readonly recordId: RecordId | undefined;
  readonly patientId: PatientId | undefined;
  readonly invitationId: string | undefined;
  /** The invitation is a letter to be printed, because there is no email address. */
  readonly letter: boolean;
}

/** Contents of a printed invitation letter, in the language of the invitation. */
export interface InvitationLetter {
  readonly kind: Invitation['kind'];
  readonly language: Language;
  readonly brand: PageBrand;
  /** Postal address of the practice. */
  readonly sender: readonly string[];
  /** Name and address for the window of the envelope. */
  readonly windowLines: readonly string[];
  /** Name of the invited person. */
  readonly name: string;
  readonly patientName: string;
  /** Enrollment page, `https://…/enroll`. */
  readonly address: string;
  /** Invitation code in groups, `ABCD-EFGH-…`. */
  readonly code: string;
  /** Address in the QR code. */
  readonly link: string;
  readonly date: string;
  readonly validUntil: string;
}
