import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FormFieldError } from '../../domain/index.ts';
import { type Html, sendHtml } from '../../kernel/index.ts';
import type { IdentityDeps } from '../deps.ts';
import type { AccountPageContext } from '../ports.ts';
import { type IdentityFormFields, singleValue } from './form-fields.ts';

/** A request for a form page, with the user whom the page's guard accepted. */
export interface FormContext<User> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly user: User;
  readonly pageContext: AccountPageContext;
  readonly csrf: string;
  /** Fields of a submitted form; empty for a GET request. */
  readonly form: IdentityFormFields;
  readonly query: IdentityFormFields;
}

/**
 * Result of a submitted form: a path to redirect to, validation errors to show with the form, or a page to show in the
 * response itself.
 */
export type FormResult =
  | { readonly to: string }
  | { readonly errors: readonly FormFieldError[] }
  | { readonly page: Html };

/**
 * A form page at one path. GET shows the form. POST processes it, and shows the form again if there are validation
 * errors.
 */
export interface FormHandler<User> {
  readonly path: string;
  render(context: FormContext<User>, errors: readonly FormFieldError[]): Html | Promise<Html>;
  submit(context: FormContext<User>): Promise<FormResult>;
}

/** Decides who may use a group of form pages. */
export interface PageGuard<User> {
  /** Returns the user who may use the page. Returns `undefined` if the guard has redirected the request instead. */
  authenticate(request: FastifyRequest, reply: FastifyReply): Promise<User | undefined>;
  pageContext(
    exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply },
    user: User,
  ): Promise<AccountPageContext>;
}

type FormHandlerRequest = { Querystring: IdentityFormFields; Body: IdentityFormFields | undefined };

/**
 * Registers GET and POST routes for form handlers. Every POST requires the form's CSRF token, and a POST with
 * validation errors answers 400 with the form.
 */
export function registerFormHandlers<User>(
  app: FastifyInstance,
  { cookies }: Pick<IdentityDeps, 'cookies'>,
  guard: PageGuard<User>,
  handlers: readonly FormHandler<User>[],
): void {
  async function createContext(
    request: FastifyRequest<FormHandlerRequest>,
    reply: FastifyReply,
  ): Promise<FormContext<User> | undefined> {
    const user = await guard.authenticate(request, reply);
    if (user === undefined) return undefined;
    const pageContext = await guard.pageContext({ request, reply }, user);
    const csrf = cookies.csrf(request, reply);
    return { request, reply, user, pageContext, csrf, form: request.body ?? {}, query: request.query };
  }

  for (const handler of handlers) {
    app.get<FormHandlerRequest>(handler.path, async (request, reply) => {
      const context = await createContext(request, reply);
      return context === undefined ? reply : sendHtml(reply, await handler.render(context, []));
    });
    app.post<FormHandlerRequest>(handler.path, async (request, reply) => {
      cookies.requireCsrf(request, singleValue(request.body?.['csrf']));
      const context = await createContext(request, reply);
      if (context === undefined) return reply;
      const outcome = await handler.submit(context);
      if ('to' in outcome) return reply.redirect(outcome.to, 303);
      if ('page' in outcome) return sendHtml(reply, outcome.page);
      return sendHtml(reply.code(400), await handler.render(context, outcome.errors));
    });
  }
}
