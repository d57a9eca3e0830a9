import type { AccessibleRecord } from '../domain/index.ts';

/** Returns the path of a patient's chart in the practice portal, for the pages on which staff open apps. */
export const chartPath = ({ practiceId, patientId }: Pick<AccessibleRecord, 'practiceId' | 'patientId'>): string =>
  `/practice/${practiceId}/patients/${patientId}`;
