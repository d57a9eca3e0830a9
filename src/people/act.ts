import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PeopleDeps } from './deps.ts';
import { type Form, single } from './form.ts';
import type { FieldFault, PeopleFrame } from './ports.ts';

/** Somebody at a page that changes something. */
export interface Doing<Who> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly who: Who;
  readonly frame: PeopleFrame;
  readonly csrf: string;
  /** Of a POST. */
  readonly form: Form;
  readonly query: Form;
}

/** What came of it: somewhere to go, what is wrong with the form, or a page that is shown this once. */
export type Outcome = { readonly to: string } | { readonly faults: readonly FieldFault[] } | { readonly page: string };

/** One page: GET shows its form, POST does what it says, or shows it again. */
export interface Act<Who> {
  readonly path: string;
  page(doing: Doing<Who>, faults: readonly FieldFault[]): string | Promise<string>;
  act(doing: Doing<Who>): Promise<Outcome>;
}

/** For whom pages are. */
export interface Place<Who> {
  /** Undefined: they are not for whoever asks, who has been sent elsewhere. */
  who(request: FastifyRequest, reply: FastifyReply): Promise<Who | undefined>;
  frame(request: FastifyRequest, who: Who): Promise<PeopleFrame>;
}

type Asked = { Querystring: Form; Body: Form | undefined };

export function actRoutes<Who>(
  app: FastifyInstance,
  { cookies }: Pick<PeopleDeps, 'cookies'>,
  place: Place<Who>,
  acts: readonly Act<Who>[],
): void {
  async function doing(request: FastifyRequest<Asked>, reply: FastifyReply): Promise<Doing<Who> | undefined> {
    const who = await place.who(request, reply);
    if (who === undefined) return undefined;
    const frame = await place.frame(request, who);
    const csrf = cookies.csrf(request, reply);
    return { request, reply, who, frame, csrf, form: request.body ?? {}, query: request.query };
  }

  const show = (reply: FastifyReply, html: string): FastifyReply => reply.type('text/html; charset=utf-8').send(html);

  for (const act of acts) {
    app.get<Asked>(act.path, async (request, reply) => {
      const at = await doing(request, reply);
      return at === undefined ? reply : show(reply, await act.page(at, []));
    });
    app.post<Asked>(act.path, async (request, reply) => {
      cookies.requireCsrf(request, single(request.body?.['csrf']));
      const at = await doing(request, reply);
      if (at === undefined) return reply;
      const outcome = await act.act(at);
      if ('to' in outcome) return reply.redirect(outcome.to, 303);
      if ('page' in outcome) return show(reply, outcome.page);
      return show(reply.code(400), await act.page(at, outcome.faults));
    });
  }
}
