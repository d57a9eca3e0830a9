// Shows the buttons that copy the text of an element. A live region reports the copy to screen readers.
const news = document.createElement('p');
news.className = 'visually-hidden';
news.setAttribute('role', 'status');
document.body.append(news);

for (const button of document.querySelectorAll('button[data-copy]')) {
  if (navigator.clipboard === undefined) break;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    news.textContent = button.dataset.copied;
    button.textContent = button.dataset.copied;
    setTimeout(() => {
      button.textContent = label;
      news.textContent = '';
    }, 2000);
  });
}
