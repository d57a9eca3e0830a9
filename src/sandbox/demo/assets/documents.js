import { announce, button, el } from './dom.js';
import { Failure } from './failure.js';
import { fetchFhir } from './fhir.js';
import { withDays } from './format.js';

/** Types that get their usual file extension; everything else is saved as a generic file. */
const ENDINGS = { 'application/pdf': 'pdf', 'application/xml': 'xml', 'text/plain': 'txt' };

/**
 * Shows text in the page and saves everything else as a file, so that no document runs in this app's origin.
 * @param closed called when the text view is closed
 */
export async function openDocument(client, base, { name, attachment }, closed) {
  if (attachment === undefined) throw new Failure('Only the title of this document is on record.');
  announce(`Loading ${name}…`);
  const bytes = await bytesOf(client, base, attachment);
  announce('');
  if (attachment.contentType === 'text/plain') return readHere(withDays(name), new TextDecoder().decode(bytes), closed);
  save(`${name}.${ENDINGS[attachment.contentType] ?? 'bin'}`, bytes);
}

async function bytesOf(client, base, { data, url, contentType }) {
  if (data !== undefined) return Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  return (await fetchFhir(client, base, url, contentType)).arrayBuffer();
}

function readHere(name, text, closed) {
  const dialog = el(
    'dialog',
    { 'aria-label': name, class: 'reader' },
    el(
      'div',
      { class: 'reader-top' },
      el('h2', {}, name),
      button('Close', () => dialog.close(), { class: 'plain' }),
    ),
    el('pre', { tabindex: '0' }, text),
  );
  dialog.addEventListener('close', () => {
    dialog.remove();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function save(name, bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  el('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  announce(`Saved ${name}`);
}
