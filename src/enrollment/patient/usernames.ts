import { type Executor, statement } from '../../database/index.ts';
import { foldName, OperatorFault, type Random } from '../../kernel/index.ts';
import { requireUsername } from '../../people/index.ts';

const taken = statement(
  'enrollment.usernames.taken',
  { username: 'text' },
  'select username from account where username = any($1)',
);

/** Normalizes a username; `undefined` if it isn't valid. */
export function readUsername(typed: string): string | undefined {
  try {
    return requireUsername(typed);
  } catch (error) {
    if (error instanceof OperatorFault) return undefined;
    throw error;
  }
}

/** @param username normalized */
export const isTaken = async (db: Executor, username: string): Promise<boolean> =>
  (await db.query(taken, [[username]])).length > 0;

/** Suggests at most three available usernames based on a name. */
export async function suggestUsernames(db: Executor, random: Random, name: string): Promise<readonly string[]> {
  const possible = spellings(name, random).filter((one) => readUsername(one) === one);
  const used = new Set((await db.query(taken, [possible])).map(({ username }) => username));
  return possible.filter((one) => !used.has(one)).slice(0, 3);
}

/** Simple spellings first. Numbers never look like a year, which could reveal or suggest a birth year. */
function spellings(name: string, random: Random): readonly string[] {
  const words = foldName(name)
    .split(' ')
    .filter((word) => word !== '');
  const [first = '', last = first] = [words[0], words.at(-1)];
  const plain = [`${first}.${last}`, `${[...first][0] ?? ''}${last}`, `${first}${last}`, `${last}.${first}`];
  const number = 100 + (random.bytes(2).readUInt16BE(0) % 900);
  const numbered = plain.slice(0, 3).map((one) => `${one}${number}`);
  return [...new Set([...plain, ...numbered])].map((one) => one.slice(0, 90));
}
