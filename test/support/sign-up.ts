import { submit } from './desk.ts';
import { PatientBrowser, type Shown } from './patient.ts';
import type { TestServer } from './server.ts';
import { until } from './until.ts';
import { linkIn, mailsTo } from './ways-in.ts';

export const SIGN_UP = '/developer/sign-up';
export const PASSWORD = 'orange lamp seventeen rivers';

/** Requests a sign-up link and reads it from the email, which is written after the response is sent. */
export async function linkFor(
  server: TestServer,
  email: string,
  browser = new PatientBrowser(server.app),
): Promise<string> {
  const folded = email.toLowerCase();
  const before = (await mailsTo(server, folded)).length;
  const shown = await submit(browser, SIGN_UP, { email });
  if (shown.location !== `${SIGN_UP}/sent`) throw new Error(`${shown.status} ${shown.body}`);
  await until(async () => (await mailsTo(server, folded)).length > before);
  return linkIn((await mailsTo(server, folded))[0], server);
}

/** Signs up with an email address. @returns the signed-in browser */
export async function signUp(
  server: TestServer,
  email: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<{ readonly browser: PatientBrowser; readonly shown: Shown; readonly link: string }> {
  const browser = new PatientBrowser(server.app);
  const link = await linkFor(server, email, browser);
  const shown = await submit(browser, link, { name: 'Dev Eloper', password: PASSWORD, ...fields });
  return { browser, shown, link };
}
