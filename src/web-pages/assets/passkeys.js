// Shows the forms that need a passkey if the browser supports passkeys, and fills in the authenticator's response.
// Without this script the forms stay hidden, and the page works with a password.
(() => {
  const { SimpleWebAuthnBrowser: webauthn } = globalThis;
  if (webauthn === undefined || !webauthn.browserSupportsWebAuthn()) return;
  const MAKE = { create: webauthn.startRegistration, use: webauthn.startAuthentication };

  /**
   * The options are in the page, or are fetched when they are needed, because they are valid for a few minutes only.
   */
  async function optionsFor(form) {
    const { options, optionsPath } = form.dataset;
    if (options !== undefined) return JSON.parse(options);
    const answer = await fetch(optionsPath, {
      method: 'POST',
      body: new URLSearchParams({ csrf: form.elements.csrf.value }),
      headers: { accept: 'application/json' },
    });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }

  /**
   * Milliseconds within which a form isn't sent twice: the response to the first changes the CSRF token that the second
   * would need. Someone who comes back to the page, or is still on it because the network lost the form, may send it
   * again.
   */
  const LOST = 10_000;
  let sentAt;
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) sentAt = undefined;
  });

  function send(form, answer) {
    if (sentAt !== undefined && Date.now() - sentAt < LOST) return;
    sentAt = Date.now();
    form.elements.passkey.value = JSON.stringify(answer);
    form.submit();
  }

  function failed(form, visible) {
    const error = form.querySelector('[data-error]');
    if (error !== null) error.hidden = !visible;
  }

  const requested = new WeakSet();

  async function ask(form) {
    requested.add(form);
    const optionsJSON = await optionsFor(form);
    send(form, await MAKE[form.dataset.passkey]({ optionsJSON }));
  }

  /**
   * Offers passkeys in the username field's autofill; nothing happens until one is chosen. If the button was pressed in
   * the meantime, that request isn't interrupted: a browser runs only the latest of two requests.
   */
  async function offer(form) {
    if (!(await webauthn.browserSupportsWebAuthnAutofill())) return;
    const optionsJSON = await optionsFor(form);
    if (requested.has(form)) return;
    send(form, await webauthn.startAuthentication({ optionsJSON, useBrowserAutofill: true }));
  }

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      failed(form, false);
      // If it is pressed twice, the second request aborts the first, which isn't an error to display.
      ask(form).catch(({ code }) => failed(form, code !== 'ERROR_CEREMONY_ABORTED'));
    });
    if (form.dataset.autofill !== undefined) offer(form).catch(() => {});
  }
  // Also shows the heading between the passkey form and the password form.
  for (const element of document.querySelectorAll('[data-with-passkey]')) element.hidden = false;
})();
