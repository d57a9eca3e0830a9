export type { FormFieldError } from '../domain/index.ts';
export { type Asset, PASSKEY_SCRIPTS, pageAssets, smartStylePath } from './assets.ts';
export { consentPage } from './consent/consent-page.ts';
export {
  type ChoiceField,
  choiceField,
  errorSummary,
  type FormChoice,
  hiddenField,
  pageTitle,
  signedInAs,
  signOutForm,
  type TextField,
  textField,
} from './forms.ts';
export { type NavigationLink, type PageHeader, signedInUser } from './header.ts';
export { homeRoutes } from './home-routes.ts';
export { identityPages } from './identity-pages.ts';
export { languageRoutes } from './language-routes.ts';
export { layout, type PageContent } from './layout.ts';
export { oauthPages } from './oauth-pages.ts';
export { createPageContexts } from './page-context.ts';
export { type PasskeyForm, passkeyForm } from './passkey-form.ts';
export { problemPage } from './problem.ts';
