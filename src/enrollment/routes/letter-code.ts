import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { getMessages, type PageContext } from '../../i18n/index.ts';
import { countTypedCharacters, formatLetterCode, LETTER_CODE_LENGTH, parseLetterCode } from '../invitation/codes.ts';
import { letterCodePage } from '../pages/letter-code.ts';
import type { EnrollmentPageDeps } from '../patient/deps.ts';
import { csrfToken, type EnrollmentFormFields, fieldValue } from './form-fields.ts';
import { sendPage } from './invitation-routes.ts';

/**
 * Registers `/enroll`, where people type the code of an invitation letter. This page accepts every well-formed code;
 * the next page shows whether there is an invitation with this code.
 */
export function letterCodeRoutes(app: FastifyInstance, deps: EnrollmentPageDeps): void {
  const page = (request: FastifyRequest, reply: FastifyReply, pageContext: PageContext, code = '', error?: string) => {
    const errors = error === undefined ? [] : [{ field: 'code', message: error }];
    const csrf = deps.cookies.csrf(request, reply);
    return sendPage(reply, letterCodePage(pageContext, { csrf, code, errors }), error === undefined ? 200 : 400);
  };

  app.get('/enroll', async (request, reply) => page(request, reply, deps.framing.forOperator(request)));

  app.post<{ Body: EnrollmentFormFields | undefined }>('/enroll', async (request, reply) => {
    deps.cookies.requireCsrf(request, csrfToken(request.body));
    const pageContext = deps.framing.forOperator(request, '/enroll');
    const typed = fieldValue(request.body, 'code').slice(0, 100);
    const code = parseLetterCode(typed);
    return code === undefined
      ? page(request, reply, pageContext, typed, letterCodeError(pageContext, typed))
      : reply.redirect(`/enroll/${formatLetterCode(code)}`, 303);
  });
}

function letterCodeError({ language }: PageContext, typed: string): string {
  const { letterCode } = getMessages(language).enrollment;
  const length = countTypedCharacters(typed);
  if (length === 0) return letterCode.empty;
  return length === LETTER_CODE_LENGTH ? letterCode.unreadable : letterCode.length(length, LETTER_CODE_LENGTH);
}
