import type { Executor } from '../../database/index.ts';
import { listPublished, type Missing, missingFrom, type PublishedPractice } from '../../practices/index.ts';
import { type Finding, fine, look } from './checkup.ts';

/** 45 CFR 170.404(b)(2): reports practices that the list of service base URLs leaves out, and why. */
export async function checkPractices(db: Executor): Promise<readonly Finding[]> {
  const on = (await listPublished(db)).filter(({ enabled }) => enabled);
  const unlisted = on.filter((practice) => missingFrom(practice).length > 0);
  if (unlisted.length > 0) return unlisted.map(leftOutOf);
  return [fine('practices', `${on.length} in the list of service base URLs`)];
}

const NAMES: Readonly<Record<Missing, string>> = { location: 'address', identifier: 'NPI' };
const OPTIONS: Readonly<Record<Missing, string>> = {
  location: "--address '1 Main Street\\nSpringfield, IL 62701'",
  identifier: '--npi 1234567893',
};

function leftOutOf(practice: PublishedPractice): Finding {
  const missing = missingFrom(practice);
  return look(
    'practices',
    `"${practice.name}" has no ${missing.map((one) => NAMES[one]).join(' and no ')}: the list of service base URLs leaves it out.`,
    `practices set "${practice.name}" ${missing.map((one) => OPTIONS[one]).join(' ')}`,
  );
}
