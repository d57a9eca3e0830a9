import { html } from 'ghtml';

export interface Page {
  /** Of the browser's tab; the brand is added. */
  readonly title: string;
  /** Escaped HTML. */
  readonly body: string;
}

/** Every page is one column, works without JavaScript, and loads one stylesheet of this server and nothing else. */
export function layout(page: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${page.title} – Patient Access</title>
<link rel="stylesheet" href="/assets/pages.css">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#main">Skip to the main part</a>
<header class="brand"><p><a href="/">Patient Access</a></p></header>
<main id="main">
!${page.body}
</main>
</body>
</html>
`;
}
