import type { Enrollments } from '../../enrollment/index.ts';
import type { ServedTypes } from '../../oauth/index.ts';
import type { OfficeDeps } from '../deps.ts';

export interface PatientsDeps extends OfficeDeps {
  readonly enrollments: Enrollments;
  readonly types: ServedTypes;
}
