export { type Asset, pageAssets } from './assets.ts';
export { consentPage } from './consent.ts';
export { homePage } from './home.ts';
export { problemPage } from './problem.ts';
export { signedOutPage, signInPage } from './sign-in.ts';
