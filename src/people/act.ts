import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PeopleDeps } from './deps.ts';
import { type Form, single } from './form.ts';
import type { FieldFault, PeopleFrame } from './ports.ts';

/** A request for a form page, with the user that the page's guard let through. */
export interface Doing<User> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly user: User;
  readonly pageContext: PeopleFrame;
  readonly csrf: string;
  /** Fields of the POST body; empty for a GET. */
  readonly form: Form;
  readonly query: Form;
}

/**
 * Result of a submitted form: a redirect path, validation errors that show the form again, or a page that is shown once
 * instead of redirecting.
 */
export type Outcome = { readonly to: string } | { readonly errors: readonly FieldFault[] } | { readonly page: string };

/** A form at one path. GET shows it; POST processes it, or shows it again with errors. */
export interface Act<User> {
  readonly path: string;
  page(context: Doing<User>, errors: readonly FieldFault[]): string | Promise<string>;
  act(context: Doing<User>): Promise<Outcome>;
}

/** Decides who may use a group of form pages. */
export interface Place<User> {
  /** Returns `undefined` when the user may not use the page; the reply is then already a redirect. */
  authenticate(request: FastifyRequest, reply: FastifyReply): Promise<User | undefined>;
  pageContext(request: FastifyRequest, user: User): Promise<PeopleFrame>;
}

type FormRequest = { Querystring: Form; Body: Form | undefined };

/**
 * Registers GET and POST routes for form handlers. Every POST requires the form's CSRF token, and a POST with
 * validation errors answers 400 with the form.
 */
export function actRoutes<User>(
  app: FastifyInstance,
  { cookies }: Pick<PeopleDeps, 'cookies'>,
  guard: Place<User>,
  handlers: readonly Act<User>[],
): void {
  async function createContext(
    request: FastifyRequest<FormRequest>,
    reply: FastifyReply,
  ): Promise<Doing<User> | undefined> {
    const user = await guard.authenticate(request, reply);
    if (user === undefined) return undefined;
    const pageContext = await guard.pageContext(request, user);
    const csrf = cookies.csrf(request, reply);
    return { request, reply, user, pageContext, csrf, form: request.body ?? {}, query: request.query };
  }

  const show = (reply: FastifyReply, html: string): FastifyReply => reply.type('text/html; charset=utf-8').send(html);

  for (const handler of handlers) {
    app.get<FormRequest>(handler.path, async (request, reply) => {
      const context = await createContext(request, reply);
      return context === undefined ? reply : show(reply, await handler.page(context, []));
    });
    app.post<FormRequest>(handler.path, async (request, reply) => {
      cookies.requireCsrf(request, single(request.body?.['csrf']));
      const context = await createContext(request, reply);
      if (context === undefined) return reply;
      const outcome = await handler.act(context);
      if ('to' in outcome) return reply.redirect(outcome.to, 303);
      if ('page' in outcome) return show(reply, outcome.page);
      return show(reply.code(400), await handler.page(context, outcome.errors));
    });
  }
}
