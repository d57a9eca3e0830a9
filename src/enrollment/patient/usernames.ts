import { type Executor, statement } from '../../database/index.ts';
import { withoutTitles } from '../../fhir/index.ts';
import { requireValidUsername } from '../../identity/index.ts';
import { foldName, OperatorError, type Random } from '../../kernel/index.ts';

const selectTakenUsernames = statement(
  'enrollment.usernames.taken',
  { username: 'text' },
  'select username from account where username = any($1)',
);

/** Normalizes a username. Returns `undefined` if the username isn't valid. */
export function parseUsername(typed: string): string | undefined {
  try {
    return requireValidUsername(typed);
  } catch (error) {
    if (error instanceof OperatorError) return undefined;
    throw error;
  }
}

/** Tells whether an account has this username. @param username normalized username */
export const isUsernameTaken = async (db: Executor, username: string): Promise<boolean> =>
  (await db.query(selectTakenUsernames, [[username]])).length > 0;

/** Suggests at most three usernames that no account has, based on a person's name. */
export async function suggestUsernames(db: Executor, random: Random, name: string): Promise<readonly string[]> {
  const possible = usernameCandidates(name, random).filter((one) => parseUsername(one) === one);
  const used = new Set((await db.query(selectTakenUsernames, [possible])).map(({ username }) => username));
  return possible.filter((one) => !used.has(one)).slice(0, 3);
}

/**
 * Returns possible usernames for a name, simple spellings first. A title such as Mr. is never a part of them. A number
 * in a username has three digits, so that it never looks like a birth year.
 */
function usernameCandidates(name: string, random: Random): readonly string[] {
  const words = foldName(withoutTitles(name))
    .split(' ')
    .filter((word) => word !== '');
  const [first = '', last = first] = [words[0], words.at(-1)];
  const plain = [`${first}.${last}`, `${[...first][0] ?? ''}${last}`, `${first}${last}`, `${last}.${first}`];
  const number = 100 + (random.bytes(2).readUInt16BE(0) % 900);
  const numbered = plain.slice(0, 3).map((one) => `${one}${number}`);
  return [...new Set([...plain, ...numbered])].map((one) => one.slice(0, 90));
}
