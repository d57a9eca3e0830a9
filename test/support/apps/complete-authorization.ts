import type { FastifyInstance } from 'fastify';
import { PatientBrowser, SANDBOX_PATIENT } from '../people/patient.ts';

/** Signs a patient in at an app's authorization URL and allows everything. @returns the redirect to the app */
export async function completeAuthorization(
  app: FastifyInstance,
  address: URL,
  person = SANDBOX_PATIENT,
): Promise<URL> {
  const browser = new PatientBrowser(app);
  const path = address.pathname.replace(/\/authorize$/, '');
  const query = Object.fromEntries(address.searchParams);
  const done = await browser.submitConsent(await browser.authorize(query, person, path));
  if (done.location === undefined) throw new Error(`no redirect: ${done.status} ${done.body}`);
  return new URL(done.location);
}
