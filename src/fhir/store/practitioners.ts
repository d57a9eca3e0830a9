import { type Executor, statement } from '../../database/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import { elementsAt } from './elements.ts';

const list = statement(
  'fhir.list-practitioners',
  { id: 'uuid', content: 'text' },
  `select id, content from shared_resource where practice_id = $1 and type = 'Practitioner' order by id limit 100`,
);

/** Who is in a practice's directory, for an operator to find an id: at most 100. */
export async function listPractitioners(
  db: Executor,
  practiceId: PracticeId,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const rows = await db.query(list, [practiceId]);
  return rows.map(({ id, content }) => ({ id, name: nameOf(JSON.parse(content)) }));
}

function nameOf(practitioner: unknown): string {
  const [name] = elementsAt(practitioner, 'name');
  const [text] = elementsAt(name, 'text');
  const parts = text === undefined ? [...elementsAt(name, 'given'), ...elementsAt(name, 'family')] : [text];
  return parts.filter((part) => typeof part === 'string').join(' ') || 'No name';
}
