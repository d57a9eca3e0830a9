import type { FastifyInstance } from 'fastify';
import { getMessages } from '../i18n/index.ts';
import { clientNetwork, Problem } from '../kernel/index.ts';
import { hasLivePractice } from '../practices/index.ts';
import { countUse } from '../rate-limit/index.ts';
import type { SignUpDeps } from './deps.ts';
import { VISITOR_DOMAIN } from './email-domain.ts';
import { formField, type SignUpForm } from './form.ts';
import { PATH } from './pages.ts';
import { createSignUpLink, PER_NETWORK } from './send-link.ts';

const VISITOR_PATH = `${PATH}/visitor`;

export interface VisitorSignUpDeps extends SignUpDeps {
  readonly sandbox: boolean;
}

/**
 * Returns the path of the form with which a visitor of the sandbox signs up without email; undefined if it isn't
 * available. It is available only on a server that can't send email and serves no live practice, so that someone who
 * evaluates the product can be a developer too. The address of the account is made up at a domain that no one can own
 * (RFC 2606 §3). Such an account therefore proves nothing about anyone, and belongs to no other person.
 */
export const findVisitorSignUp = async ({
  db,
  post,
  sandbox,
}: Pick<VisitorSignUpDeps, 'db' | 'post' | 'sandbox'>): Promise<string | undefined> =>
  sandbox && !post.canSend && !(await hasLivePractice(db)) ? VISITOR_PATH : undefined;

/** Adds the form that gives a visitor of the sandbox a link to sign up with a made-up address. */
export function visitorSignUpRoutes(app: FastifyInstance, deps: VisitorSignUpDeps): void {
  app.post<{ Body: SignUpForm | undefined }>(VISITOR_PATH, async (request, reply) => {
    deps.cookies.requireCsrf(request, formField(request.body, 'csrf'));
    const { language } = deps.framing.forOperator(request, PATH);
    if ((await findVisitorSignUp(deps)) === undefined)
      throw new Problem('not-found', { status: 404, message: 'Sign up with your email address.' });
    if ((await countUse(deps, PER_NETWORK, clientNetwork(request.ip))) !== undefined)
      throw new Problem('too-many-attempts', {
        status: 429,
        language,
        message: getMessages(language).signUp.visitor.tooMany,
      });
    const email = `visitor-${deps.random.bytes(6).toString('hex')}@${VISITOR_DOMAIN}`;
    const token = await createSignUpLink(deps, request.id, { email, language });
    return reply.redirect(`${PATH}/${token}`, 303);
  });
}
