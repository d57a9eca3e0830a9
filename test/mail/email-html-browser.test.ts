import { expect } from 'vitest';
import { DARK, LIGHT } from '../../src/design/index.ts';
import { LANGUAGES } from '../../src/i18n/index.ts';
import { renderEmailHtml } from '../../src/mail/index.ts';
import { accentColors } from '../../src/practices/index.ts';
import { accessibilityViolations, hasOverflow } from '../support/browser/browser.ts';
import { sharing } from '../support/browser/worker-fixtures.ts';
import { emailKinds } from '../support/mail/email-kinds.ts';
import { slice } from '../support/runs/slice.ts';

const publicUrl = 'https://records.example';
const practice = 'Lakeside Family Practice';
const facts = { publicUrl, practice, person: 'Ann Lee', app: 'Walkabout', message: 'Please fix:\n- the logo' };
const PLAIN = { light: LIGHT, dark: DARK };

const emails = LANGUAGES.flatMap((language) =>
  emailKinds(language, facts).map(({ name, subject, text, button }, index) => ({
    name: `${name} ${language}`,
    html: renderEmailHtml({
      subject,
      content: text,
      language,
      senderName: practice,
      button,
      colors: index % 2 === 0 ? PLAIN : accentColors('#ffd700'),
      publicUrl,
    }),
  })),
);

sharing(
  'WCAG 2.2 AA: emails have no accessibility problems and fit phones, in light and dark clients',
  { timeout: 120_000 },
  async ({ windows }) => {
    const page = await windows.take(publicUrl, { width: 390, javaScriptEnabled: true, isDisposable: true });
    const problems: string[] = [];
    for (const { name, html } of slice(emails)) {
      await page.setContent(html);
      for (const [width, colorScheme] of [
        [390, 'light'],
        [640, 'dark'],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        if (await hasOverflow(page)) problems.push(`${name} overflows at ${width}`);
        for (const violation of await accessibilityViolations(page))
          problems.push(`${name}, ${colorScheme}: ${violation}`);
      }
    }
    await page.context().close();
    expect(problems).toEqual([]);
  },
);
