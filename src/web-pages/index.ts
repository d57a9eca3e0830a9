export type { FormFieldError } from '../domain/index.ts';
export { appMark } from './app-mark.ts';
export {
  type Asset,
  assetVersion,
  PASSKEY_SCRIPTS,
  PASSWORD_SCRIPTS,
  pageAssets,
  SEARCH_KEY_SCRIPT,
  smartStylePath,
} from './assets.ts';
export { consentPage } from './consent/consent-page.ts';
export { COPY_SCRIPTS, copyButton } from './copy-button.ts';
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
export {
  accountHeader,
  type NavigationLink,
  type PageHeader,
  type PublicHeaderOptions,
  publicHeader,
  signedInUser,
} from './header.ts';
export { homeRoutes } from './home-routes.ts';
export { type IconName, icon } from './icons.ts';
export { identityPages } from './identity-pages.ts';
export { languageRoutes } from './language-routes.ts';
export { layout, type PageContent } from './layout.ts';
export { oauthPages } from './oauth-pages.ts';
export {
  createPageContexts,
  createPublicContexts,
  type FindPublicContext,
  type PublicPageContext,
} from './page-context.ts';
export { pagination, requestedPage } from './pagination.ts';
export { type PasskeyForm, passkeyForm } from './passkey-form.ts';
export { PRINT_SCRIPTS, printButton } from './print-button.ts';
export { problemPage } from './problem.ts';
export { searchKeySwitch } from './search-key.ts';
export { stepProgress } from './step-progress.ts';
