import { codeIn } from '../html.ts';
import { dialect } from './judge-dialect.ts';
import { location } from './judge-location.ts';
import { noStore, notTold, rightHands, soundRegistration } from './judge-tokens.ts';
import { type Answer, isHtml, type Reading } from './reading.ts';
import type { World } from './world.ts';

/** All problems of a response. */
export function judge(reading: Reading, answer: Answer, world: World): readonly string[] {
  return [
    answer.statusCode >= 500 ? `a fault of ours: ${answer.statusCode}` : undefined,
    location(reading, answer, world.ledger),
    dialect(reading, answer),
    noStore(reading, answer),
    rightHands(reading, answer, world),
    notTold(reading, answer, world),
    soundRegistration(reading, answer),
    checkScripts(answer),
    checkHeaders(answer),
  ].filter((problem) => problem !== undefined);
}

/** Pages only have JavaScript from our files, so any other was injected. */
const checkScripts = (answer: Answer): string | undefined =>
  isHtml(answer) && codeIn(answer).length > 0 ? 'a page with a script in it' : undefined;

const checkHeaders = ({ headers }: Answer): string | undefined =>
  Object.values(headers)
    .flat()
    .some((value) => /[\r\n]/.test(String(value)))
    ? 'a header of several lines'
    : undefined;
