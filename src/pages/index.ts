export { type Asset, pageAssets, smartStylePath } from './assets.ts';
export { consentPage } from './consent.ts';
export { homePage } from './home.ts';
export { launchPage } from './launch.ts';
export { problemPage } from './problem.ts';
export { recordChoicePage } from './record-choice.ts';
export { signedOutPage, signInPage } from './sign-in.ts';
