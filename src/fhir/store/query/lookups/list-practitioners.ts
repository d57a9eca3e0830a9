import { type Executor, statement } from '../../../../database/index.ts';
import type { PracticeId } from '../../../../kernel/index.ts';
import { elementsAt } from '../../index/elements.ts';

const list = statement(
  'fhir.list-practitioners',
  { id: 'uuid', content: 'text' },
  `select id, content from shared_resource where practice_id = $1 and type = 'Practitioner' order by id`,
);

export interface PractitionerListItem {
  readonly id: string;
  /** Name with the family name first, because lists of people are sorted by it. */
  readonly name: string;
}

/** Lists all Practitioners of a practice's directory, sorted by name. */
export async function listPractitioners(
  db: Executor,
  practiceId: PracticeId,
): Promise<readonly PractitionerListItem[]> {
  const rows = await db.query(list, [practiceId]);
  return rows.map(({ id, content }) => ({ id, name: practitionerName(JSON.parse(content)) })).sort(byName);
}

const nameCollator = new Intl.Collator('en');
const byName = (one: PractitionerListItem, other: PractitionerListItem): number =>
  nameCollator.compare(one.name, other.name) || nameCollator.compare(one.id, other.id);

function practitionerName(practitioner: unknown): string {
  const [name] = elementsAt(practitioner, 'name');
  const textAt = (path: string): string =>
    elementsAt(name, path)
      .filter((text) => typeof text === 'string')
      .join(' ');
  const [family, given] = [textAt('family'), textAt('given')];
  if (family !== '') return given === '' ? family : `${family}, ${given}`;
  return textAt('text') || given || 'No name';
}
