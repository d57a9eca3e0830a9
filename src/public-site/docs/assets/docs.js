// Adds a copy button to each block that readers paste into a shell, and scrolls the menu to its page. Everything else works
// without JavaScript.
const words = document.querySelector('.guide-menu')?.dataset;
const said = document.createElement('p');
said.className = 'unseen';
said.setAttribute('role', 'status');
document.body.append(said);

for (const pre of document.querySelectorAll('article figure.code:not(.result) pre')) {
  if (navigator.clipboard === undefined || words === undefined) break;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.lang = document.documentElement.lang;
  button.textContent = words.copy;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(pre.textContent.trimEnd());
    said.textContent = words.copied;
    button.textContent = words.copied;
    setTimeout(() => {
      button.textContent = words.copy;
      said.textContent = '';
    }, 2000);
  });
  pre.parentElement.querySelector('figcaption').append(button);
}

const list = document.querySelector('.guide-menu .open');
const current = list?.querySelector('[aria-current]');
if (current) list.scrollTop = current.offsetTop - 3 * current.offsetHeight;
