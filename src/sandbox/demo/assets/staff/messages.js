import { language, messages as shared } from '../shared/messages.js';
import { english } from './messages-en.js';
import { spanish } from './messages-es.js';

/** All texts of the staff app in the reader's language. */
export const messages = { ...shared, ...(language === 'es' ? spanish : english) };
