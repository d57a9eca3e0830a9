// Shows the forms that need a passkey where the browser knows passkeys, and fills in what its authenticator answers.
// Without this script they stay hidden, and the page works with a password.
(() => {
  const { SimpleWebAuthnBrowser: webauthn } = globalThis;
  if (webauthn === undefined || !webauthn.browserSupportsWebAuthn()) return;
  const MAKE = { create: webauthn.startRegistration, use: webauthn.startAuthentication };

  /** Options stand in the page, or are fetched when they are needed: they are good for some minutes only. */
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
   * Once: the answer to the first changes the token that the form of a second would need. Whoever comes back to the page,
   * or is still on it because the network lost the form, may send it again.
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

  function failed(form, shown) {
    const fault = form.querySelector('[data-fault]');
    if (fault !== null) fault.hidden = !shown;
  }

  const pressed = new WeakSet();

  async function ask(form) {
    pressed.add(form);
    const optionsJSON = await optionsFor(form);
    send(form, await MAKE[form.dataset.passkey]({ optionsJSON }));
  }

  /**
   * The browser offers passkeys where the username is typed; nothing happens until one is chosen. Whoever was faster and
   * pressed the button is not interrupted: of two requests a browser knows the last alone.
   */
  async function offer(form) {
    if (!(await webauthn.browserSupportsWebAuthnAutofill())) return;
    const optionsJSON = await optionsFor(form);
    if (pressed.has(form)) return;
    send(form, await webauthn.startAuthentication({ optionsJSON, useBrowserAutofill: true }));
  }

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      failed(form, false);
      // Pressed twice, the second request ends the first.
      ask(form).catch(({ code }) => failed(form, code !== 'ERROR_CEREMONY_ABORTED'));
    });
    if (form.dataset.autofill !== undefined) offer(form).catch(() => {});
  }
  // What stands between the two ways is shown with them.
  for (const between of document.querySelectorAll('[data-with-passkey]')) between.hidden = false;
})();
