import type { Executor } from '../../database/index.ts';
import {
  findMissingBrandDetails,
  listPublishedPractices,
  type MissingBrandDetail,
  type PublishedPractice,
} from '../../practices/index.ts';
import { type DoctorFinding, okFinding, warningFinding } from './finding.ts';

/** Reports the practices that the list of service base URLs leaves out, and why (45 CFR 170.404(b)(2)). */
export async function checkPractices(db: Executor): Promise<readonly DoctorFinding[]> {
  const on = (await listPublishedPractices(db)).filter(({ enabled }) => enabled);
  const unlisted = on.filter((practice) => findMissingBrandDetails(practice).length > 0);
  if (unlisted.length > 0) return unlisted.map(unlistedFinding);
  return [okFinding('practices', `in the list of service base URLs: ${on.length}`)];
}

const MISSING_NAMES: Readonly<Record<MissingBrandDetail, string>> = { location: 'address', identifier: 'NPI' };
const MISSING_OPTIONS: Readonly<Record<MissingBrandDetail, string>> = {
  location: "--address '1 Main Street\\nSpringfield, IL 62701'",
  identifier: '--npi 1234567893',
};

function unlistedFinding(practice: PublishedPractice): DoctorFinding {
  const missing = findMissingBrandDetails(practice);
  return warningFinding(
    'practices',
    `"${practice.name}" has no ${missing.map((one) => MISSING_NAMES[one]).join(' and no ')}, so it isn’t in the list of service base URLs.`,
    `Run: patient-access practices set "${practice.name}" ${missing.map((one) => MISSING_OPTIONS[one]).join(' ')}`,
  );
}
