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

/** Roles that may change a patient's account. Other staff can only look. */
export const ENROLLERS: readonly Role[] = ['front-desk', 'administrator'];

/** Signed-in staff member and a patient of their practice. */
export interface AtPatient extends AtDesk {
  readonly patient: DeskPatient;
  /** Path of the patient's page. The paths of all actions start with it. */
  readonly path: string;
  /** Parameters of the request path, such as an account or invitation id. */
  readonly params: Fields;
  readonly csrf: string;
  readonly frame: Frame;
  readonly by: By;
}

/** Result of a form: return to the patient with a notice, show a page once, or show the form with errors. */
export type Outcome =
  | { readonly done: Notice }
  | { readonly page: string }
  | { readonly faults: readonly FieldFault[] };

/** An action on a patient: a page with a form, and the handler of that form. */
export interface Act {
  /** Path relative to the patient's page. */
  readonly path: string;
  /** First field of the form, to which errors that concern no single field are attached. */
  readonly field?: string;
  /**
   * Whether the action gives or removes access to an account. Such actions are not available to shared sandbox
   * credentials.
   */
  readonly changesAccount?: boolean;
  /** Renders the form; undefined when the action isn't possible in the patient's current state. */
  ask(context: AtPatient, form: Fields, errors: readonly FieldFault[]): Promise<string | undefined>;
  perform(context: AtPatient, form: Fields): Promise<Outcome>;
}

const HTML = 'text/html; charset=utf-8';

/**
 * Loads the staff member and the patient.
 * @throws {Problem} `not-found` for a patient of another practice and for an unknown one
 */
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

/**
 * Registers an action: GET shows the form and POST performs the action. If it isn't possible, both return to the
 * patient's page.
 */
export function actRoutes(app: FastifyInstance, deps: PatientsDeps, action: Act): void {
  const path = `/practice/:practiceId/patients/:patientId/${action.path}`;

  async function enter(request: FastifyRequest, reply: FastifyReply): Promise<AtPatient> {
    const context = await patientAt(deps, request, reply, ...ENROLLERS);
    if (action.changesAccount === true) requireChangeable(context.session);
    return context;
  }

  app.get(path, async (request, reply) => {
    const context = await enter(request, reply);
    // The form is never prefilled from the address. Otherwise a link could fill in values that staff then only confirm.
    const page = await action.ask(context, fieldsOf({}), []);
    return page === undefined ? back(reply, context, 'changed') : reply.type(HTML).send(page);
  });

  app.post(path, async (request, reply) => {
    const form = fieldsOf(request.body);
    deps.cookies.requireCsrf(request, form['csrf']);
    const context = await enter(request, reply);
    const outcome = await action.perform(context, form).catch((error) => refused(action, error));
    if ('done' in outcome) return back(reply, context, outcome.done);
    if ('page' in outcome) return reply.type(HTML).send(outcome.page);
    const page = await action.ask(context, form, outcome.faults);
    return page === undefined ? back(reply, context, 'changed') : reply.code(400).type(HTML).send(page);
  });
}

const back = (reply: FastifyReply, { path }: AtPatient, done: Notice): FastifyReply =>
  reply.redirect(`${path}?${new URLSearchParams({ done })}`, 303);

function refused({ field = 'main' }: Act, error: unknown): Outcome {
  if (error instanceof EnrollmentFault) return { faults: [{ field, message: refusalText(error.refusal) }] };
  throw error;
}
