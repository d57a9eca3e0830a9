// Shows the buttons that print the page, in place of the hints for readers without JavaScript. A page prints whole: its
// closed sections are opened first.
addEventListener('beforeprint', () => {
  for (const section of document.querySelectorAll('main details')) section.open = true;
});
for (const hint of document.querySelectorAll('[data-print-hint]')) hint.hidden = true;
for (const button of document.querySelectorAll('button[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
