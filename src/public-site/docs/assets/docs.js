// Adds a copy button to each example. Everything else works without JavaScript.
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
