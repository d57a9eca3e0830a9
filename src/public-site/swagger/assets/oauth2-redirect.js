import { takeBack } from './session.js';

const answer = new URLSearchParams(location.search);
history.replaceState(null, '', location.pathname);
const pendingRequest = findRequest(window.opener);

/** A page of another origin that opened this window has made no request, and reading its properties throws. */
function findRequest(opener) {
  try {
    return opener?.swaggerUIRedirectOauth2;
  } catch {
    return undefined;
  }
}

/** RFC 6749 §10.12: a response that doesn't match a request of the opening page is discarded. */
function deliverResponse() {
  const { auth, state, redirectUrl, callback, errCb } = pendingRequest;
  const fail = (message) => errCb({ authId: auth.name, source: 'auth', level: 'error', message });
  if (answer.get('state') !== state)
    return fail('This response doesn’t match a request from this page. Authorize again.');
  if (!answer.has('code')) return fail(`${answer.get('error')}: ${answer.get('error_description') ?? ''}`);
  auth.code = answer.get('code');
  callback({ auth, redirectUrl });
}

await takeBack().catch(() => {});
if (pendingRequest === undefined) {
  document.getElementById('news').textContent = 'The page that opened this window is gone. You can close this window.';
} else {
  deliverResponse();
  window.close();
}
