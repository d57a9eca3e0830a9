export { type Asset, PASSKEY_SCRIPTS, pageAssets, smartStylePath } from './assets.ts';
export { consentPage } from './consent.ts';
export {
  type Choice,
  type Choices,
  choiceField,
  errorSummary,
  type FieldFault,
  hidden,
  signedInAs,
  signOutForm,
  type TextField,
  textField,
  titleWith,
  type Way,
  ways,
} from './forms.ts';
export { type FramingDeps, openFraming } from './framing.ts';
export { homePage } from './home.ts';
export { languageRoutes } from './language-routes.ts';
export { launchPage } from './launch.ts';
export { layout, type Page } from './layout.ts';
export { noRecordPage } from './no-record.ts';
export { type PasskeyForm, passkeyForm } from './passkey-form.ts';
export { peoplePages } from './people.ts';
export { problemPage } from './problem.ts';
export { recordChoicePage } from './record-choice.ts';
