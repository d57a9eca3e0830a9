import type { Language } from '../../../src/i18n/index.ts';
import { addApp } from '../../support/apps/apps.ts';
import { parse } from '../../support/browser/html.ts';
import { signInStaff } from '../../support/people/practice-portal.ts';
import { demoStartPages } from './demo-start.ts';
import { APP, DEVELOPER, OTHER_APP, SEARCHED } from './names.ts';
import type { Visit } from './visit.ts';

/** Visits the start page of the sandbox, the home page, the app gallery, and the demo app, which exists in English only. */
export async function visitPublicPages(visit: Visit): Promise<void> {
  const { server, language } = visit;
  const browser = visit.browser();
  await visit.open('start page of the sandbox', browser, '/sandbox');
  // With a live practice, the home page takes the place of the start page.
  await signInStaff(server, ['front-desk']);
  await visit.open('home', browser, '/');
  await addApp(server, {
    name: APP,
    developer: DEVELOPER,
    verifiedAt: new Date('2026-11-03T12:00:00Z'),
    listed: true,
    dataUse: { sold: 'no', shared: 'with-consent', 'other-uses': 'no' },
  });
  await addApp(server, { name: OTHER_APP, listed: true });
  await visit.open('app gallery', browser, '/apps');
  await visit.open('app gallery, nothing found', browser, `/apps?q=${SEARCHED}`);
  await visit.open('page not found', browser, '/nowhere');
  const policy = await browser.get('/demo/privacy');
  visit.addHtml('privacy policy of the demo app', policyIn(language, policy.body));
  if (language === 'en') for (const [name, html] of Object.entries(await demoStartPages())) visit.addHtml(name, html);
}

/** Returns the part of the policy in one language. The page has it in English and, below, in Spanish. */
const policyIn = (language: Language, page: string): string =>
  `<main>${parse(page)(language === 'es' ? 'section[lang=es]' : 'main > div.start').html()}</main>`;
