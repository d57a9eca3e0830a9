import type { Executor } from '../../database/index.ts';
import type { Clock } from '../../kernel/index.ts';
import { brandOf, findSettings } from '../../practices/index.ts';
import { dayOf } from '../../words/index.ts';
import { readChart } from '../chart/chart.ts';
import type { Chart, Letter, MadeInvitation } from '../contract.ts';
import { findInvitation, type StoredInvitation } from '../invitation/store.ts';
import type { EnrollmentDeps } from '../ports.ts';

type Deps = Pick<EnrollmentDeps, 'publicUrl'> & { readonly db: Executor; readonly clock: Clock };

/** Returns the contents of an invitation's letter; `undefined` if it was emailed or is no longer open. */
export async function letterOf(deps: Deps, { invitationId, letterCode }: MadeInvitation): Promise<Letter | undefined> {
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
    brand: (await brandOf(deps.db, practiceId)) ?? { name: chart.practiceName },
    sender: linesOf((await findSettings(deps.db, practiceId))?.address ?? ''),
    window: [name, ...homeOf(chart, invitation)],
    patientName: chart.name,
    address,
    code: letterCode,
    link: `${address}/${letterCode}`,
    today: dayOf(language, now, chart.timeZone),
    until: dayOf(language, invitation.lastDay, chart.timeZone),
  };
}

/** Address for a letter. A representative without an address in the record gets it at the patient's. */
function homeOf({ relatedPersons, addressLines }: Chart, { relatedPersonId }: StoredInvitation): readonly string[] {
  const own = relatedPersons.find(({ id }) => id === relatedPersonId)?.addressLines ?? [];
  return own.length > 0 ? own : addressLines;
}

const linesOf = (text: string): readonly string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
