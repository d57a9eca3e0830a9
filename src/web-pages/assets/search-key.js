// Focuses the search of the page when "/" is pressed outside of form fields. A button turns this off (WCAG 2.2, 2.1.4).
const field = document.querySelector('[data-search]');
const control = document.querySelector('[data-search-key]');
const OFF = 'search-key-off';
if (field !== null && control !== null) addSearchKey();

function addSearchKey() {
  const { placeholder } = field;
  const toggle = control.querySelector('button');
  const isOff = () => localStorage.getItem(OFF) !== null;
  const show = () => {
    const { state, button, label } = JSON.parse(isOff() ? control.dataset.off : control.dataset.on);
    control.querySelector('span').textContent = state;
    toggle.textContent = button;
    toggle.setAttribute('aria-label', label);
    if (isOff()) field.removeAttribute('aria-keyshortcuts');
    else field.setAttribute('aria-keyshortcuts', '/');
    if (placeholder !== '') field.placeholder = isOff() ? placeholder : `${placeholder} ( / )`;
  };
  show();
  control.hidden = false;
  toggle.addEventListener('click', () => {
    if (isOff()) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, '1');
    show();
  });
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.matches('input, textarea, select');
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping || isOff()) return;
    event.preventDefault();
    // In narrow windows, the search is in the menu of the header.
    if (!field.checkVisibility()) field.closest('[popover]')?.showPopover();
    field.focus();
    field.select();
  });
}
