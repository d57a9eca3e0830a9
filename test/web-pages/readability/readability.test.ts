import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getMessages, type Language } from '../../../src/i18n/index.ts';
import { listLatestEmails } from '../../../src/mail/index.ts';
import { inClear } from '../../support/in-clear.ts';
import { judgePages, readabilityTable } from '../../support/readability/judge.ts';
import { sentencesIn, sentencesOf } from '../../support/readability/sentences.ts';
import { DEEP } from '../../support/runs/slice.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import { visitConsent, visitConsentErrors } from './consent-pages.ts';
import { visitEnrollment, visitLetter, visitOtherInvitations } from './enrollment-pages.ts';
import { NAMES, PHONE, SENSITIVE_LABEL } from './names.ts';
import { visitPortal, visitRecord, visitRepresentative } from './portal-pages.ts';
import { visitPublicPages } from './public-pages.ts';
import { visitSecurity } from './security-pages.ts';
import { visitRecovery, visitSecondFactor, visitSignIn } from './sign-in-pages.ts';
import { Visit, type VisitedPage } from './visit.ts';

/** The areas of the site that patients and representatives see. Short pages of an area are judged together. */
const AREAS: Readonly<Record<string, readonly ((visit: Visit) => Promise<void>)[]>> = {
  public: [visitPublicPages],
  'sign-in': [visitSignIn, visitSecondFactor],
  recovery: [visitRecovery],
  security: [visitSecurity],
  enrollment: [visitEnrollment, visitOtherInvitations, visitLetter],
  consent: [visitConsent],
  'consent errors': [visitConsentErrors],
  portal: [visitPortal, visitRepresentative],
  record: [visitRecord],
};

const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-readability-'));
let server: TestServer;
beforeAll(async () => {
  const labels = path.join(folder, 'labels.json');
  writeFileSync(labels, JSON.stringify([SENSITIVE_LABEL]));
  server = await startServer({ SENSITIVE_LABELS: labels, DYNAMIC_REGISTRATION: 'sandbox' });
  await server.db.queryText("update practice set phone = $1 where kind = 'live'", [PHONE]);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function visitAll(language: Language): Promise<readonly VisitedPage[]> {
  const pages: VisitedPage[] = [];
  for (const [area, visits] of Object.entries(AREAS)) {
    const visit = new Visit(server, language, area);
    for (const see of visits) await see(visit);
    pages.push(...visit.pages);
  }
  return pages;
}

/** Returns the names in the database: people, practices, apps and developers. */
async function namesInDatabase(): Promise<readonly string[]> {
  const rows = await server.db.queryText<{ name: string }>(
    `select display_name as name from account union select name from practice union select name from demographics
     union select name from app union select developer from app where developer is not null`,
    [],
  );
  return rows.map(({ name }) => name);
}

/** Returns one email of each subject in a language. */
async function sentEmails(language: Language): Promise<ReadonlyMap<string, string>> {
  const { emailFooter } = getMessages(language);
  const emails = await listLatestEmails(server.db, inClear, 500);
  const own = emails.filter(({ content }) => content?.includes(emailFooter.automated));
  return new Map(own.map(({ subject, content }) => [subject, content ?? '']));
}

it.each([
  ['en', 'grade 7 or below in English (Flesch-Kincaid)'],
  ['es', '“fairly easy” or better in Spanish (INFLESZ)'],
] as const)(
  '%s: every page and email that patients see reads at %s',
  { timeout: 120_000 },
  async (language, _scale) => {
    const pages = await visitAll(language);
    const names = [...NAMES, ...(await namesInDatabase())];
    const options = { language, names };
    const texts = judgePages(
      [
        ...pages.map(({ html, ...page }) => ({ ...page, sentences: sentencesOf(html, 'main', options) })),
        ...[...(await sentEmails(language))].map(([subject, content]) => ({
          area: 'emails',
          name: subject,
          sentences: sentencesIn(content.split('\n'), options),
        })),
      ],
      language,
    );
    const table = readabilityTable(texts, language);
    if (DEEP) console.info(table);
    expect(pages.length).toBeGreaterThan(100);
    expect(
      texts.filter(({ isEasy }) => !isEasy).map(({ name }) => name),
      `\n${table}\n`,
    ).toEqual([]);
  },
);
