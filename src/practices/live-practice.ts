import { type Executor, statement } from '../database/index.ts';
import { isPlaceholderName } from './placeholder-name.ts';

const listLive = statement(
  'practices.live-in-use',
  { name: 'text', in_use: 'bool' },
  `select p.name, exists (select from record r where r.practice_id = p.practice_id)
       or exists (select from staff s where s.practice_id = p.practice_id) as in_use
   from practice p where p.kind = 'live'`,
);

/**
 * Tells whether the installation serves a live practice: someone has named one, or one has patient records or staff. A
 * new installation already has a live practice, which has a placeholder name and is empty.
 */
export const hasLivePractice = async (db: Executor): Promise<boolean> =>
  (await db.query(listLive)).some(({ name, in_use }) => in_use || !isPlaceholderName(name));
