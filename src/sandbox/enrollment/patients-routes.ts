import type { FastifyInstance } from 'fastify';
import type { Database } from '../../database/index.ts';
import { createPublishedLetter, listSandboxPatients, readChart, type SandboxPatient } from '../../enrollment/index.ts';
import { type Clock, seconds, sendHtml } from '../../kernel/index.ts';
import type { FindPublicContext } from '../../web-pages/index.ts';
import { ENROLLMENT_SCENARIOS } from '../generator/index.ts';
import { findScenario } from './patient-start.ts';
import { ENROLLMENT_PATIENTS_PATH, type ListedPatient, patientsPage, publishedLetterPage } from './patients-page.ts';

interface EnrollmentPatientRouteDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly findContext: FindPublicContext;
  readonly publicUrl: string;
}

/**
 * Registers the public list of the patients for enrollment, and a page for each published letter. They contain codes
 * that work, which is safe because the patients are made up and their records are open to everyone.
 */
export function enrollmentPatientRoutes(app: FastifyInstance, deps: EnrollmentPatientRouteDeps): void {
  const { findContext } = deps;
  const list = createPatientList(deps);

  app.get(ENROLLMENT_PATIENTS_PATH, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    return sendHtml(reply, patientsPage(await findContext(request), await list()));
  });

  app.get<{ Params: { persona: string } }>(`${ENROLLMENT_PATIENTS_PATH}/:persona`, async (request, reply) => {
    const listed = (await list()).find(({ patient }) => patient.persona === request.params.persona);
    const start = listed?.scenario.start;
    if (listed === undefined || start?.status !== 'invited') return reply.redirect(ENROLLMENT_PATIENTS_PATH, 302);
    const letter = await createPublishedLetter(deps, start.letterCode);
    reply.header('cache-control', 'no-store');
    const page = { ...listed, verificationCode: start.verificationCode, letter };
    return sendHtml(reply, publishedLetterPage(await findContext(request), page));
  });
}

/** Milliseconds for which the list is cached, because anyone may request it as often as they like. */
const CACHE_DURATION = seconds(2);

/** Creates a function that lists the patients for enrollment, in the order of their scenarios. */
function createPatientList(deps: EnrollmentPatientRouteDeps): () => Promise<readonly ListedPatient[]> {
  let last: { readonly at: number; readonly patients: Promise<readonly ListedPatient[]> } | undefined;
  return () => {
    const now = deps.clock.now().getTime();
    if (last === undefined || now - last.at >= CACHE_DURATION || now < last.at) {
      const patients = readPatients(deps);
      last = { at: now, patients };
      patients.catch(() => {
        last = undefined;
      });
    }
    return last.patients;
  };
}

async function readPatients({ db, clock }: EnrollmentPatientRouteDeps): Promise<readonly ListedPatient[]> {
  const patients = await listSandboxPatients(db);
  const listed = await Promise.all(
    patients.map(async (patient: SandboxPatient): Promise<readonly ListedPatient[]> => {
      const scenario = findScenario(patient);
      const chart = await readChart(db, patient.recordId, clock.now());
      return scenario === undefined || chart === undefined ? [] : [{ patient, scenario, chart }];
    }),
  );
  const position = ({ scenario }: ListedPatient): number => ENROLLMENT_SCENARIOS.indexOf(scenario);
  return listed.flat().toSorted((one, other) => position(one) - position(other));
}
