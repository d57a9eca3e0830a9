import type { PatientId, PracticeId, RecordId } from '../kernel/index.ts';
import type { PracticeKind } from './practice.ts';

/** One patient's record at one practice. */
export interface PatientRecord {
  readonly recordId: RecordId;
  readonly patientId: PatientId;
  readonly practiceId: PracticeId;
  readonly practiceKind: PracticeKind;
  readonly practiceName: string;
  readonly personName: string;
  /** ISO 8601 date, by which staff tell patients apart. */
  readonly birthDate: string | null;
}

/** A patient record that an account may open, and share with apps. */
export interface AccessibleRecord extends PatientRecord {
  /**
   * Identifies the record among those of the account. The patient id alone isn't unique: two practices may use the same
   * one.
   */
  readonly key: string;
  /** `staff` for a patient of the staff member's practice. */
  readonly relation: 'self' | 'representative' | 'staff';
}
