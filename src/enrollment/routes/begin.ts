import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Frame, wordsIn } from '../../words/index.ts';
import { inGroups, LETTERS_IN_CODE, lengthOfTyped, readLetterCode } from '../invitation/codes.ts';
import { beginPage } from '../pages/begin.ts';
import type { EnrollDeps } from '../patient/deps.ts';
import { csrfOf, type Form, fieldOf } from './form.ts';
import { show } from './surface.ts';

/** Registers `/enroll`, where people type the code of a letter. Only the next page tells whether the code exists. */
export function beginRoutes(app: FastifyInstance, deps: EnrollDeps): void {
  const page = (request: FastifyRequest, reply: FastifyReply, pageContext: Frame, code = '', error?: string) => {
    const errors = error === undefined ? [] : [{ field: 'code', message: error }];
    const csrf = deps.cookies.csrf(request, reply);
    return show(reply, beginPage(pageContext, { csrf, code, errors }), error === undefined ? 200 : 400);
  };

  app.get('/enroll', async (request, reply) => page(request, reply, deps.framing.plain(request)));

  app.post<{ Body: Form | undefined }>('/enroll', async (request, reply) => {
    deps.cookies.requireCsrf(request, csrfOf(request.body));
    const pageContext = deps.framing.plain(request, '/enroll');
    const typed = fieldOf(request.body, 'code').slice(0, 100);
    const code = readLetterCode(typed);
    return code === undefined
      ? page(request, reply, pageContext, typed, faultOf(pageContext, typed))
      : reply.redirect(`/enroll/${inGroups(code)}`, 303);
  });
}

function faultOf({ language }: Frame, typed: string): string {
  const { begin } = wordsIn(language).enrollment;
  const length = lengthOfTyped(typed);
  if (length === 0) return begin.empty;
  return length === LETTERS_IN_CODE ? begin.unreadable : begin.length(length, LETTERS_IN_CODE);
}
