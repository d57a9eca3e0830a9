// Adds a copy button to each example, and a keyboard shortcut for the search. Everything else works without JavaScript.
const words = document.querySelector('.guide-menu')?.dataset;
const said = document.createElement('p');
said.className = 'unseen';
said.setAttribute('role', 'status');
document.body.append(said);

for (const pre of document.querySelectorAll('article figure.code pre')) {
  if (navigator.clipboard === undefined || words === undefined) break;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.lang = document.documentElement.lang;
  button.textContent = words.copy;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(copied(pre.textContent.trimEnd()));
    said.textContent = words.copied;
    button.textContent = words.copied;
    setTimeout(() => {
      button.textContent = words.copy;
      said.textContent = '';
    }, 2000);
  });
  pre.parentElement.querySelector('figcaption').append(button);
}

/** An address is displayed on several lines for readability but copied as one. */
function copied(text) {
  return text.startsWith('GET http') ? text.slice('GET '.length).replaceAll(/\n\s*/g, '') : text;
}

const search = document.getElementById('q');
const shortcut = document.querySelector('.shortcut');
if (search !== null && shortcut !== null) addSearchShortcut(search, shortcut, 'docs-shortcut-off');

/** The slash focuses the search. The reader can turn this off (WCAG 2.2, 2.1.4). */
function addSearchShortcut(field, button, key) {
  const isOff = () => localStorage.getItem(key) !== null;
  const label = () => {
    button.textContent = isOff() ? words.turnOn : words.turnOff;
  };
  label();
  button.hidden = false;
  button.addEventListener('click', () => {
    if (isOff()) localStorage.removeItem(key);
    else localStorage.setItem(key, '1');
    label();
  });
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.matches('input, textarea, select');
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping || isOff()) return;
    event.preventDefault();
    field.focus();
  });
}
