// Puts a button beside each example that copies it. Everything else works without it.
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

/** An address is one line; it is shown in several so that it can be read. */
function copied(text) {
  return text.startsWith('GET http') ? text.slice('GET '.length).replaceAll(/\n\s*/g, '') : text;
}
