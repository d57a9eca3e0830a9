import type { Executor } from '../../database/index.ts';
import { formatLongDate } from '../../i18n/index.ts';
import type { Clock } from '../../kernel/index.ts';
import { findBrand, findPracticeSettings } from '../../practices/index.ts';
import { readChart } from '../chart/chart.ts';
import type { CreatedInvitation, InvitationLetter, PatientChart } from '../contract.ts';
import { findInvitation, type StoredInvitation } from '../invitation/store.ts';
import type { EnrollmentDeps } from '../ports.ts';

type LetterDeps = Pick<EnrollmentDeps, 'publicUrl'> & { readonly db: Executor; readonly clock: Clock };

/**
 * Returns the contents of an invitation letter. Returns `undefined` if the invitation was emailed or is no longer open.
 */
export async function createLetter(
  deps: LetterDeps,
  { invitationId, letterCode }: CreatedInvitation,
): Promise<InvitationLetter | undefined> {
  const now = deps.clock.now();
  const invitation = await findInvitation(deps.db, invitationId, now);
  if (letterCode === undefined || invitation?.state !== 'open') return undefined;
  const chart = await readChart(deps.db, invitation.recordId, now);
  if (chart === undefined) return undefined;
  const { language, kind, name, practiceId } = invitation;
  const address = `${deps.publicUrl}/enroll`;
  return {
    kind,
    language,
    name,
    brand: (await findBrand(deps.db, practiceId)) ?? { name: chart.practiceName },
    sender: splitLines((await findPracticeSettings(deps.db, practiceId))?.address ?? ''),
    windowLines: [name, ...postalAddress(chart, invitation)],
    patientName: chart.name,
    address,
    code: letterCode,
    link: `${address}/${letterCode}`,
    date: formatLongDate(language, now, chart.timeZone),
    validUntil: formatLongDate(language, invitation.lastDay, chart.timeZone),
  };
}

/**
 * Returns the postal address for an invitation letter. A representative without an address in the record gets the
 * letter at the patient's address.
 */
function postalAddress(
  { relatedPersons, addressLines }: PatientChart,
  { relatedPersonId }: StoredInvitation,
): readonly string[] {
  const storedLines = relatedPersons.find(({ id }) => id === relatedPersonId)?.addressLines ?? [];
  return storedLines.length > 0 ? storedLines : addressLines;
}

const splitLines = (text: string): readonly string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
