// The apps speak English and Spanish, and use the first of the browser's languages that they know.
import { english } from './messages-en.js';
import { spanish } from './messages-es.js';

const known = globalThis.navigator?.languages?.find((tag) => /^(?:en|es)\b/.test(tag));
/** Language tag for dates, such as es-US. */
export const locale = known ?? 'en-US';
export const language = locale.slice(0, 2);
/** The texts of both apps in the reader's language. Each app adds its own in a messages.js. */
export const messages = language === 'es' ? spanish : english;
