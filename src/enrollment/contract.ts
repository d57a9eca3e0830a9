import type { PracticeKind } from '../domain/index.ts';
import type { Language, PageBrand } from '../i18n/index.ts';
import type { AccountId, PatientId, PracticeId, RecordId } from '../kernel/index.ts';
import type { OutboxEmail } from '../mail/index.ts';
import type { SandboxPatient } from './sandbox/sandbox-patients.ts';

/** Details of a patient's record that enrollment uses. They are always read from the record; staff can't enter them. */
export interface PatientChart {
  readonly recordId: RecordId;
  readonly patientId: PatientId;
  readonly practiceId: PracticeId;
  readonly practiceName: string;
  readonly practiceKind: PracticeKind;
  readonly practicePhone: string | undefined;
  readonly practiceEmail: string | undefined;
  /** IANA name of the practice's time zone. */
  readonly timeZone: string;
  readonly name: string;
  /** Birth date as ISO 8601 date; `undefined` if the record has no full birth date. */
  readonly birthDate: string | undefined;
  /** Age in whole years today, in the practice's time zone; `undefined` if the birth date is unknown. */
  readonly age: number | undefined;
  /** First five digits of the home address's ZIP code. */
  readonly postalCode: string | undefined;
  /** Lines of the home address, as printed on a letter. */
  readonly addressLines: readonly string[];
  /** Email addresses of the patient, normalized. */
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  /** Normalized email addresses of the patient's contacts (Patient.contact), such as a parent. */
  readonly contactEmails: readonly string[];
  readonly language: Language;
  /** RelatedPersons in the record, who can be invited as representatives. */
  readonly relatedPersons: readonly RelatedPersonInChart[];
  /** Details that are missing from the record. While there are any, the patient can't be invited. */
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

/**
 * The person who invites, cancels or otherwise acts: a staff member, or the command line if the account is `undefined`.
 */
export interface EnrollmentActor {
  readonly accountId: AccountId | undefined;
  readonly requestId: string;
  /**
   * SHA-256 of the browser's cookie, set for users of a shared sandbox account. Files that they upload and emails that
   * they cause are visible only in their own browser, not to other users of the same account.
   */
  readonly visitor?: Buffer | undefined;
}

export interface EnrollmentInvitationRequest {
  readonly recordId: RecordId;
  readonly whom: { readonly kind: 'patient' } | { readonly kind: 'representative'; readonly relatedPersonId: string };
  /** Email address for the invitation; `undefined` if the invitation is a printed letter. */
  readonly email: string | undefined;
  readonly language: Language;
}

/**
 * How the patient gets the verification code. A code must not use the same channel as the invitation. `contact` means
 * an email to an address in the chart.
 */
export type CodeChannel = 'in-person' | 'phone' | 'contact';

export interface CreatedInvitation {
  readonly invitationId: string;
  /**
   * Code that is printed on an invitation letter, in groups: `ABCD-EFGH-…`. It is displayed once and stored as a hash.
   * `undefined` if the invitation was emailed.
   */
  readonly letterCode: string | undefined;
}

/**
 * State of an invitation. `open`: the invitation can be used. `declined`: the invited person declined the invitation
 * and can still undo the decision. `failed`: there were too many wrong answers to the identity questions.
 */
export type InvitationState = 'open' | 'used' | 'cancelled' | 'declined' | 'expired' | 'failed';

export interface Invitation {
  readonly invitationId: string;
  readonly kind: 'patient' | 'representative';
  readonly recordId: RecordId;
  readonly name: string;
  /** Email address that the invitation was sent to; `undefined` if it is a letter. */
  readonly email: string | undefined;
  /** Id of the invited representative's RelatedPerson in the record; `undefined` if the patient is invited. */
  readonly relatedPersonId: string | undefined;
  readonly language: Language;
  readonly state: InvitationState;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /**
   * A time on the last day on which the invitation is valid for the whole day. Pages and letters show the date of this
   * day.
   */
  readonly lastDay: Date;
  /** How the patient got the current verification code; `undefined` if no code is valid. */
  readonly codeChannel: CodeChannel | undefined;
}

export type EnrollmentRejection =
  | 'chart-incomplete'
  | 'too-young' // The patient is under 12. Invite a representative instead.
  | 'already-enrolled'
  | 'declined' // The patient declined an account. Call `undoDecline` first.
  | 'address-unusable'
  | 'address-used' // The address belongs to another account or to another person's open invitation.
  | 'address-of-guardian' // The patient is 12 to 17 and the address is a guardian's.
  | 'address-is-invitation' // A verification code must not be emailed to the address of the invitation.
  | 'no-contact'
  | 'over'; // The invitation was used, canceled, expired or failed in the meantime.

/** Thrown if an enrollment action is rejected. The practice portal shows the reason to staff. */
export class EnrollmentError extends Error {
  override readonly name = 'EnrollmentFault';
  readonly rejection: EnrollmentRejection;
  constructor(rejection: EnrollmentRejection) {
    super(rejection);
    this.rejection = rejection;
  }
}

/**
 * Enrollment actions of the practice portal. Each action is recorded in the audit log. A rejected action throws
 * `EnrollmentError`.
 */
export interface Enrollments {
  readChart(recordId: RecordId): Promise<PatientChart | undefined>;
  invite(by: EnrollmentActor, request: EnrollmentInvitationRequest): Promise<CreatedInvitation>;
  /** Sends the same invitation again with a new link or letter code. The previous link or code no longer works. */
  resend(by: EnrollmentActor, invitationId: string): Promise<CreatedInvitation>;
  cancel(by: EnrollmentActor, invitationId: string): Promise<void>;
  /**
   * Creates a new verification code for an invitation.
   * @returns the code, which staff tell the patient; `undefined` if the code was emailed
   */
  issueCode(by: EnrollmentActor, invitationId: string, channel: CodeChannel): Promise<string | undefined>;
  /**
   * Returns the address in the chart to which a verification code can be emailed; `undefined` if the chart has no
   * permitted address.
   */
  findCodeContact(invitationId: string): Promise<string | undefined>;
  decline(by: EnrollmentActor, recordId: RecordId, reason: string): Promise<void>;
  /** Undoes `decline`, so that the patient can be invited again. */
  undoDecline(by: EnrollmentActor, recordId: RecordId): Promise<void>;
  /** Lists the invitations for a record, the newest first. */
  listForRecord(recordId: RecordId): Promise<readonly Invitation[]>;
  /**
   * Finds an invitation of a practice. Returns `undefined` if there is no such invitation or it belongs to another
   * practice. Other methods that take an invitation id don't check the practice, so call this one before them.
   */
  find(practiceId: PracticeId, invitationId: string): Promise<Invitation | undefined>;
  /**
   * Returns the contents of an invitation letter, whose code is known only when the invitation is created or resent.
   * The code of a bulk invitation is not displayed when the invitation is created, so staff call `resend`, which
   * creates a new code, and then print the letter.
   */
  createLetter(created: CreatedInvitation): Promise<InvitationLetter | undefined>;
  /**
   * Lists the emails about a sandbox patient's invitations that were caused in a browser, the newest first. Empty for
   * patients of live practices.
   */
  listVisitorEmails(recordId: RecordId, visitor: Buffer): Promise<readonly OutboxEmail[]>;
  /** Finds out whether visitors of the sandbox try enrollment with the patient; undefined for all other patients. */
  findSandboxPatient(recordId: RecordId): Promise<SandboxPatient | undefined>;

  /**
   * Invites the patients of a CSV file in the background. Columns are matched by name: `mrn` or `patient_id`, or `name`
   * and `birth_date`. An invitation goes to the row's `email`, or else to the first address in the chart; without
   * either, staff print a letter. Throws `BulkFileError`. If `by.visitor` is set, the file is
   * visible only in the browser that uploaded it.
   * @returns the id of the bulk invitation
   */
  startBulkInvitation(by: BulkInvitationActor, practiceId: PracticeId, file: Uint8Array): Promise<string>;
  /** Lists the bulk invitations of a practice, the newest first. */
  listBulkInvitations(practiceId: PracticeId, visitor?: Buffer): Promise<readonly BulkProgress[]>;
  findBulkProgress(bulkId: string, practiceId: PracticeId, visitor?: Buffer): Promise<BulkProgress | undefined>;
  listBulkReport(bulkId: string, practiceId: PracticeId, visitor?: Buffer): Promise<readonly BulkReportRow[]>;
  /** Processes the next rows of a bulk invitation. It is the handler of the queue `bulk-invitation`. */
  processBulkTurn(bulkId: string): Promise<void>;
  /** Processes the next rows of each unfinished bulk invitation. */
  processPendingRows(): Promise<void>;
  /**
   * Queues jobs for unfinished bulk invitations that have no job, such as those that an earlier release left
   * unfinished.
   */
  queueUnfinishedBulks(): Promise<void>;
}

export interface BulkInvitationActor extends EnrollmentActor {
  readonly accountId: AccountId;
}

export interface BulkProgress {
  readonly bulkId: string;
  readonly createdAt: Date;
  readonly finishedAt: Date | undefined;
  /** Display name of the staff member who uploaded the file. */
  readonly startedBy: string | undefined;
  readonly total: number;
  readonly done: number;
  readonly invited: number;
  readonly refused: number;
}

/** Why a row of an uploaded file doesn't identify one patient of the practice. */
export type BulkMatchFailure = 'row-incomplete' | 'no-patient' | 'several-patients';

/**
 * The reason why the patient of a CSV row wasn't invited. `failed` means an internal error; staff can upload the file
 * again.
 */
export type BulkRejectionReason = EnrollmentRejection | BulkMatchFailure | 'already-invited' | 'failed';

export interface BulkReportRow {
  /** Line number of the row in the uploaded file, from 1. */
  readonly line: number;
  /** Values of the row in the uploaded file, by column: `mrn`, `patient_id`, `name`, `birth_date`, `email`. */
  readonly given: Readonly<Record<string, string>>;
  /** Whether the patient in this row of the uploaded file was invited; `undefined` while the row is pending. */
  readonly outcome: 'invited' | 'refused' | undefined;
  /**
   * Why the patient in this row of the uploaded file was not invited: a `BulkRejectionReason`, or a code that an earlier
   * release stored.
   */
  readonly reason: string | undefined;
  readonly recordId: RecordId | undefined;
  readonly patientId: PatientId | undefined;
  readonly invitationId: string | undefined;
  /** True if the invitation is a letter that staff must print, because there is no email address. */
  readonly letter: boolean;
}

/** Contents of a printed invitation letter, in the language of the invitation. */
export interface InvitationLetter {
  readonly kind: Invitation['kind'];
  readonly language: Language;
  readonly brand: PageBrand;
  /** Lines of the practice's postal address. */
  readonly sender: readonly string[];
  /** Name and postal address of the recipient, for the window of the envelope. */
  readonly windowLines: readonly string[];
  /** Name of the person whom the letter invites. */
  readonly name: string;
  readonly patientName: string;
  /** Address of the page where the recipient types the code: `https://…/enroll`. */
  readonly address: string;
  /** Code of the letter in groups: `ABCD-EFGH-…`. */
  readonly code: string;
  /** Address in the QR code, which contains the code of the letter. */
  readonly link: string;
  readonly date: string;
  readonly validUntil: string;
}
