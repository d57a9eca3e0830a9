import type { PageContext } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { errorSummary, hiddenField, pageTitle } from '../../web-pages/index.ts';
import { renderStaffPage } from '../staff-page.ts';
import {
  describedByAttributes,
  renderFieldError,
  type SettingsContext,
  settingsMessages,
  settingsPath,
} from './page.ts';

export interface LogoPage extends SettingsContext {
  /** Path of the current logo. undefined if the practice has none. */
  readonly logo: string | undefined;
  readonly error: string | undefined;
}

export function renderLogoPage(pageContext: PageContext, page: LogoPage): Html {
  const { settings, csrf, logo, error } = page;
  const errors = error === undefined ? [] : [{ field: 'logo', message: error }];
  const { language } = pageContext;
  const { title: settingsTitle, logo: messages } = settingsMessages(language);
  const { title } = messages;
  const body = html`
<p class="back"><a href="${settingsPath(page)}">${settingsTitle}</a></p>
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
${logo === undefined ? html`<p>${messages.none}</p>` : html`<p><img class="logo" src="${logo}" alt="${messages.imageOf(settings.name)}" height="80"></p>`}
<form method="post" action="${settingsPath(page, 'logo')}" enctype="multipart/form-data">${hiddenField('csrf', csrf)}
  <label for="logo">${messages.file}</label>
  <p class="hint" id="about-logo">${messages.fileHint}</p>${renderFieldError(language, 'logo', errors[0])}
  <input id="logo" name="logo" type="file" accept="image/png,image/jpeg,image/webp" ${describedByAttributes('logo', errors[0])}>
  <button>${messages.button}</button>
</form>
${logo === undefined ? '' : html`<p class="after"><a class="danger" href="${settingsPath(page, 'logo', 'remove')}">${messages.remove}</a></p>`}`;
  return renderStaffPage(pageContext, {
    ...page,
    title: pageTitle(pageContext, errors, title),
    body,
    currentPath: settingsPath(page),
  });
}

export interface RemoveLogoPage extends SettingsContext {
  /** Path of the current logo. */
  readonly logo: string;
}

/** Renders the page that asks whether to remove the logo. */
export function renderRemoveLogoPage(pageContext: PageContext, page: RemoveLogoPage): Html {
  const { settings, csrf, logo } = page;
  const { logo: messages } = settingsMessages(pageContext.language);
  const { title, text, button, keep } = messages.removePage;
  const logoPath = settingsPath(page, 'logo');
  const body = html`
<p class="back"><a href="${logoPath}">${messages.title}</a></p>
<h1>${title}</h1>
<p><img class="logo" src="${logo}" alt="${messages.imageOf(settings.name)}" height="80"></p>
<p>${text}</p>
<form method="post" action="${settingsPath(page, 'logo', 'remove')}">${hiddenField('csrf', csrf)}
  <div class="buttons"><button class="danger">${button}</button><a class="button secondary" href="${logoPath}">${keep}</a></div>
</form>`;
  return renderStaffPage(pageContext, { ...page, title, body, currentPath: settingsPath(page) });
}
