// Creates DOM elements. Text is always set as text, so nothing from a record is parsed as HTML.
import { messages } from './messages.js';

const SVG = 'http://www.w3.org/2000/svg';

/** @param children texts, elements, or null, undefined or false for nothing */
export const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

/** Replaces the current view and moves keyboard and screen reader focus to the new one. */
export function show(...children) {
  const app = document.getElementById('app');
  app.replaceChildren(...children);
  app.focus({ preventScroll: true });
  scrollTo(0, 0);
}

let fading;

/** Announces a message to screen readers and shows it for five seconds. */
export function announce(text) {
  const news = document.getElementById('news');
  news.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => news.replaceChildren(), 5000);
}

export const button = (label, act, attributes = {}) =>
  el('button', { type: 'button', onclick: (event) => act(event.currentTarget), ...attributes }, label);

/** Shows contents over the page. @param closed called when the reader closes the dialog */
export function showDialog(title, contents, closed) {
  const dialog = el(
    'dialog',
    { 'aria-label': title, class: 'reader' },
    el(
      'div',
      { class: 'reader-top' },
      el('h2', {}, title),
      button(messages.documents.close, () => dialog.close(), { class: 'plain' }),
    ),
    contents,
  );
  dialog.addEventListener('close', () => {
    dialog.remove();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
}
