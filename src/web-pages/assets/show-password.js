// Shows the buttons that make a password readable. A live region reports the change to screen readers. The scripts of a
// page share their top-level names.
const passwordNews = document.createElement('p');
passwordNews.className = 'visually-hidden';
passwordNews.setAttribute('role', 'status');
document.body.append(passwordNews);

for (const button of document.querySelectorAll('button[data-password]')) {
  const input = document.getElementById(button.dataset.password);
  const { show, hide, shown, hidden } = button.dataset;
  const [showLabel, hideLabel] = [button.getAttribute('aria-label'), button.dataset.hideLabel];
  const set = (isShown) => {
    input.type = isShown ? 'text' : 'password';
    button.textContent = isShown ? hide : show;
    button.setAttribute('aria-label', isShown ? hideLabel : showLabel);
  };
  button.hidden = false;
  button.addEventListener('click', () => {
    const isShown = input.type === 'password';
    set(isShown);
    passwordNews.textContent = isShown ? shown : hidden;
  });
  // Browsers offer earlier values of text fields. A password must never be one of them.
  input.form.addEventListener('submit', () => set(false));
}
