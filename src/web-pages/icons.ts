import { type Html, html } from '../kernel/index.ts';

/** Paths of the icons in a box of 24 by 24, drawn as lines. */
const PATHS = {
  apps: html`<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM17 14v6M14 17h6"/>`,
  log: html`<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.75"/>`,
  record: html`<path d="M9 4H6v17h12V4h-3M9 3h6v3H9zM12 10v6M9 13h6"/>`,
  download: html`<path d="M12 4v11M7 10.5l5 5 5-5M4 20h16"/>`,
  receipt: html`<path d="M6 3h12v18l-3-2-3 2-3-2-3 2zM9.5 8.5h5M9.5 12.5h5"/>`,
  security: html`<path d="M12 3l7.5 3v5.5c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.5V6zM9 12l2.25 2.25L15.5 10"/>`,
  person: html`<circle cx="12" cy="8" r="4"/><path d="M4 20.5c.6-4 3.8-6 8-6s7.4 2 8 6"/>`,
  practice: html`<path d="M4 21V8l8-5 8 5v13zM9.5 21v-5h5v5M12 7.5v5M9.5 10h5"/>`,
  developer: html`<path d="M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14"/>`,
};

export type IconName = keyof typeof PATHS;

/** Renders an icon. It is decoration, so screen readers skip it: the text beside it says the same. */
export const icon = (name: IconName): Html =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${PATHS[name]}</svg>`;
