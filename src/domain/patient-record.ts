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
  /** Birth date of the patient as ISO 8601 date, which helps staff tell patients apart; null if unknown. */
  readonly birthDate: string | null;
}

/** A patient record that an account may open and share with apps. */
export interface AccessibleRecord extends PatientRecord {
  /**
   * Identifies the record among those of the account, by practice and Patient.id. The Patient.id alone isn't unique,
   * because two practices may use the same one.
   */
  readonly key: string;
  /** Relation of the account to the patient. `staff` means that the patient belongs to the staff member's practice. */
  readonly relation: 'self' | 'representative' | 'staff';
}
