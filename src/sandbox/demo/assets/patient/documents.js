import { announce, el, showDialog } from '../shared/dom.js';
import { Failure } from '../shared/failure.js';
import { fetchFhir } from '../shared/fhir.js';
import { withDays } from '../shared/format.js';
import { messages } from './messages.js';

/** Types that get their usual file extension; everything else is saved as a generic file. */
const ENDINGS = { 'application/pdf': 'pdf', 'application/xml': 'xml', 'text/plain': 'txt' };

/**
 * Shows text in the page and saves everything else as a file, so that no document runs in this app's origin.
 * @param closed called when the text view is closed
 */
export async function openDocument(client, base, { name, attachment }, closed) {
  if (!attachment.data && !attachment.url) throw new Failure(messages.documents.titleOnly);
  announce(messages.documents.loading(name));
  const bytes = await bytesOf(client, base, attachment);
  announce('');
  if (attachment.contentType === 'text/plain')
    return showDialog(withDays(name), [el('pre', { tabindex: '0' }, new TextDecoder().decode(bytes))], closed);
  save(`${name}.${ENDINGS[attachment.contentType] ?? 'bin'}`, bytes);
}

async function bytesOf(client, base, { data, url, contentType }) {
  if (data !== undefined) return Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  return (await fetchFhir(client, base, url, contentType)).arrayBuffer();
}

function save(name, bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  el('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  announce(messages.documents.saved(name));
}
