import { findSimilar } from '../kernel/index.ts';
import { COMMANDS, GROUP_SUMMARIES, isGroup } from './commands.ts';

const NAMES = COMMANDS.map(({ name }) => name);

/** Returns the error for words that don't begin with a command, with the command that they most likely mean. */
export function unknownCommandMessage(words: readonly string[]): string {
  const [first = ''] = words;
  if (first.startsWith('-')) return `Unknown option "${first}".`;
  const second = words.slice(1, 2).find((word) => /^[a-z][a-z0-9-]*$/i.test(word));
  const similar = findSimilarCommand(first, second);
  const isSecondMeant = second !== undefined && (isGroup(first) || similar?.includes(' ') === true);
  const question = similar === undefined ? '' : ` Did you mean "${similar}"?`;
  return `Unknown command "${isSecondMeant ? `${first} ${second}` : first}".${question}`;
}

function findSimilarCommand(first: string, second: string | undefined): string | undefined {
  if (isGroup(first)) {
    const inGroup = NAMES.filter((name) => name.startsWith(`${first} `)).map((name) => name.slice(first.length + 1));
    const found = findSimilar(second ?? '', inGroup);
    return found === undefined ? undefined : `${first} ${found}`;
  }
  const [withSecondWord, ...others] = NAMES.filter((name) => name.endsWith(` ${first}`));
  if (withSecondWord !== undefined && others.length === 0) return withSecondWord;
  const phrases = second === undefined ? [first] : [`${first} ${second}`, `${second} ${first}`, first];
  const candidates = [...NAMES, ...Object.keys(GROUP_SUMMARIES)];
  return phrases.map((phrase) => findSimilar(phrase, candidates)).find((found) => found !== undefined);
}
