import type { Enrollments } from '../../enrollment/index.ts';
import type { ServedTypes } from '../../oauth/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';

export interface PatientAdminDeps extends PracticeAdminDeps {
  readonly enrollments: Enrollments;
  readonly types: ServedTypes;
}
