export type { FormFieldError } from '../domain/index.ts';
export { type Asset, PASSKEY_SCRIPTS, pageAssets, smartStylePath } from './assets.ts';
export { consentPage } from './consent/consent-page.ts';
export {
  type ChoiceField,
  choiceField,
  errorSummary,
  type FormChoice,
  hiddenField,
  type NavigationLink,
  navigationLinks,
  pageTitle,
  signedInAs,
  signOutForm,
  type TextField,
  textField,
} from './forms.ts';
export { homePage } from './home.ts';
export { identityPages } from './identity-pages.ts';
export { languageRoutes } from './language-routes.ts';
export { launchPage } from './launch.ts';
export { layout, type PageContent } from './layout.ts';
export { noRecordPage } from './no-record.ts';
export { createPageContexts, type PageContextDeps } from './page-context.ts';
export { type PasskeyForm, passkeyForm } from './passkey-form.ts';
export { patientPickerPage } from './patient-picker.ts';
export { problemPage } from './problem.ts';
