// Both pages of the app start with this: it reads their configuration, and sets the language of the reader.
import { language } from '../shared/messages.js';
import { messages } from './messages.js';

/** The app's registration (client id, redirect URI, scopes), and the addresses of the server. */
export const config = JSON.parse(document.getElementById('config').textContent);

document.documentElement.lang = language;
for (const place of document.querySelectorAll('[data-text]')) place.textContent = messages.page[place.dataset.text];
