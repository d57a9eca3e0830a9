// The app speaks English and Spanish, and uses the first of the browser's languages that it knows.
import { english } from './messages-en.js';
import { spanish } from './messages-es.js';

const known = globalThis.navigator?.languages?.find((tag) => /^(?:en|es)\b/.test(tag));
/** Language tag for dates, such as es-US. */
export const locale = known ?? 'en-US';
export const language = locale.slice(0, 2);
/** The texts of the app in the reader's language. */
export const messages = language === 'es' ? spanish : english;
