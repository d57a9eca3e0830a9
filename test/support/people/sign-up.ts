import { until } from '../runs/until.ts';
import type { TestServer } from '../servers/server.ts';
import { emailLink, listEmailsTo } from './account-security.ts';
import { type BrowserResponse, PatientBrowser } from './patient.ts';
import { submitForm } from './practice-portal.ts';

export const SIGN_UP = '/developer/sign-up';
/** Page to which the first person of an organization gets after sign-up. */
export const FIRST_APP = '/developer/apps/new?welcome=1';
export const PASSWORD = 'orange lamp seventeen rivers';

/** Requests a sign-up link, and reads it from the email, which the server writes after its response. */
export async function requestSignUpLink(
  server: TestServer,
  email: string,
  browser = new PatientBrowser(server.app),
): Promise<string> {
  const folded = email.toLowerCase();
  const before = (await listEmailsTo(server, folded)).length;
  const response = await submitForm(browser, SIGN_UP, { email });
  if (response.location !== `${SIGN_UP}/sent`) throw new Error(`${response.status} ${response.body}`);
  await until(async () => (await listEmailsTo(server, folded)).length > before);
  return emailLink((await listEmailsTo(server, folded))[0], server);
}

/**
 * Signs up as a developer with an email address.
 * @returns the signed-in browser
 */
export async function signUp(
  server: TestServer,
  email: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<{ readonly browser: PatientBrowser; readonly response: BrowserResponse; readonly link: string }> {
  const browser = new PatientBrowser(server.app);
  const link = await requestSignUpLink(server, email, browser);
  const response = await submitForm(browser, link, { name: 'Dev Eloper', password: PASSWORD, ...fields });
  return { browser, response, link };
}
