import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type By, EnrollmentFault } from '../../enrollment/index.ts';
import type { FieldFault } from '../../pages/index.ts';
import { type Role, requireChangeable } from '../../people/index.ts';
import type { Frame } from '../../words/index.ts';
import { type Fields, fieldsOf } from '../form.ts';
import { deskPath } from '../frame.ts';
import { type AtDesk, notFound, staffAt } from '../roles.ts';
import type { PatientsDeps } from './deps.ts';
import type { Notice } from './notices.ts';
import { type DeskPatient, findPatient } from './patient.ts';
import { refusalText } from './refusals.ts';

/** Who may do something about a patient's account; everyone else at the practice looks on. */
export const ENROLLERS: readonly Role[] = ['front-desk', 'administrator'];

/** A member of staff with a patient of their practice before them. */
export interface AtPatient extends AtDesk {
  readonly patient: DeskPatient;
  /** Of the patient's page; what is done about them is below it. */
  readonly path: string;
  /** Parts of the address below the patient's. */
  readonly params: Fields;
  readonly csrf: string;
  readonly frame: Frame;
  readonly by: By;
}

/** What came of a form: back to the patient, a page that is shown this once, or the form again. */
export type Outcome =
  | { readonly done: Notice }
  | { readonly page: string }
  | { readonly faults: readonly FieldFault[] };

/** One thing that can be done about a patient: a page that asks, and what the answer does. */
export interface Act {
  /** Below the patient's page. */
  readonly path: string;
  /** Where its form begins: what can't be done is said there. */
  readonly field?: string;
  /** Takes from an account, or opens one: not for sandbox credentials that everyone knows. */
  readonly changesAccount?: boolean;
  /** undefined: it can't be done as things stand. */
  ask(at: AtPatient, form: Fields, faults: readonly FieldFault[]): Promise<string | undefined>;
  perform(at: AtPatient, form: Fields): Promise<Outcome>;
}

const HTML = 'text/html; charset=utf-8';

/** Throws `not-found` for a patient of another practice, as for nobody's. */
export async function patientAt(
  deps: PatientsDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  ...roles: readonly Role[]
): Promise<AtPatient> {
  const { session, job } = await staffAt(deps, request, ...roles);
  const params = fieldsOf(request.params);
  const patient = await findPatient(deps.db, deps.clock.now(), job.practiceId, params['patientId'] ?? '');
  if (patient === undefined) throw notFound();
  return {
    session,
    job,
    patient,
    path: `${deskPath(job.practiceId, 'patients')}/${patient.patientId}`,
    params,
    csrf: deps.cookies.csrf(request, reply),
    frame: deps.framing.forStaff(request),
    by: { accountId: session.accountId, requestId: request.id },
  };
}

/** GET asks, POST does, and what can't be done leads back to the patient. */
export function actRoutes(app: FastifyInstance, deps: PatientsDeps, act: Act): void {
  const path = `/practice/:practiceId/patients/:patientId/${act.path}`;

  async function enter(request: FastifyRequest, reply: FastifyReply): Promise<AtPatient> {
    const at = await patientAt(deps, request, reply, ...ENROLLERS);
    if (act.changesAccount === true) requireChangeable(at.session);
    return at;
  }

  app.get(path, async (request, reply) => {
    const at = await enter(request, reply);
    // Nothing of the form comes from the address: a link could fill in what staff then only confirm.
    const page = await act.ask(at, fieldsOf({}), []);
    return page === undefined ? back(reply, at, 'changed') : reply.type(HTML).send(page);
  });

  app.post(path, async (request, reply) => {
    const form = fieldsOf(request.body);
    deps.cookies.requireCsrf(request, form['csrf']);
    const at = await enter(request, reply);
    const outcome = await act.perform(at, form).catch((error) => refused(act, error));
    if ('done' in outcome) return back(reply, at, outcome.done);
    if ('page' in outcome) return reply.type(HTML).send(outcome.page);
    const page = await act.ask(at, form, outcome.faults);
    return page === undefined ? back(reply, at, 'changed') : reply.code(400).type(HTML).send(page);
  });
}

const back = (reply: FastifyReply, { path }: AtPatient, done: Notice): FastifyReply =>
  reply.redirect(`${path}?${new URLSearchParams({ done })}`, 303);

function refused({ field = 'main' }: Act, error: unknown): Outcome {
  if (error instanceof EnrollmentFault) return { faults: [{ field, message: refusalText(error.refusal) }] };
  throw error;
}
