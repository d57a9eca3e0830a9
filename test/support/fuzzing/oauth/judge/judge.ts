import { codeIn } from '../../../browser/html.ts';
import type { OAuthWorld } from '../oauth-server.ts';
import { type Answer, isHtml, type ParsedRequest } from '../parsed-request.ts';
import { checkErrorFormat } from './error-format.ts';
import { checkRedirect } from './redirect.ts';
import { checkIntrospection, checkNoStore, checkRegistration, checkTokenRecipient } from './tokens.ts';

/** Finds all problems of a response. */
export function findProblems(reading: ParsedRequest, answer: Answer, world: OAuthWorld): readonly string[] {
  return [
    answer.statusCode >= 500 ? `a fault of ours: ${answer.statusCode}` : undefined,
    checkRedirect(reading, answer, world.ledger),
    checkErrorFormat(reading, answer),
    checkNoStore(reading, answer),
    checkTokenRecipient(reading, answer, world),
    checkIntrospection(reading, answer, world),
    checkRegistration(reading, answer),
    checkScripts(answer),
    checkHeaders(answer),
  ].filter((problem) => problem !== undefined);
}

/** Our pages have JavaScript only from our own files. Other JavaScript was injected. */
const checkScripts = (answer: Answer): string | undefined =>
  isHtml(answer) && codeIn(answer).length > 0 ? 'a page with a script in it' : undefined;

const checkHeaders = ({ headers }: Answer): string | undefined =>
  Object.values(headers)
    .flat()
    .some((value) => /[\r\n]/.test(String(value)))
    ? 'a header of several lines'
    : undefined;
