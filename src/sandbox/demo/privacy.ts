import type { DataUse } from '../../domain/index.ts';
import { type Html, html } from '../../kernel/index.ts';

/** The developer's name shown on the consent page. */
export const DEMO_DEVELOPER = 'Patient Access project';

/** Answers about data use for the consent page. The privacy policy below has a sentence for each answer. */
export const DEMO_DATA_USE: DataUse = {
  sold: 'no',
  shared: 'no',
  'other-uses': 'no',
  deletion: 'yes',
  kept: 'no',
  place: 'device',
  encrypted: 'no',
  changes: 'no',
};

export const PRIVACY_PATH = '/demo/privacy';

interface DemoPrivacyPolicy {
  readonly title: string;
  readonly lead: string;
  readonly sections: readonly (readonly [heading: string, text: string])[];
}

const ENGLISH: DemoPrivacyPolicy = {
  title: 'Privacy policy of My Record (demo)',
  lead: 'My Record (demo) is a sample app that comes with this server. The Patient Access project makes it to show what an app can do with a health record.',
  sections: [
    [
      'What it reads',
      'It reads only what you allow on the consent page. You can disconnect it at any time, in the app or in your account.',
    ],
    [
      'Where your data is',
      'Your data stays on your device, in the browser tab that you opened the app in. The app runs only in that tab. It has no server of its own, so it can’t send your data anywhere.',
    ],
    [
      'Selling, sharing and other uses',
      'The app doesn’t sell your data, doesn’t share it with anyone, and doesn’t use it for ads, research or anything else.',
    ],
    [
      'How long it has your data, and how to delete it',
      'The app doesn’t store health data. It stores your connection in the tab, so you can reload the page. To delete everything, choose Disconnect or close the tab. Nothing is left after that.',
    ],
    ['Encryption', 'The app doesn’t encrypt what is in the tab. Don’t leave the tab open on a shared computer.'],
    [
      'Changes',
      'If this policy changes, you find the new text on this page. The app can’t notify you in advance, because it doesn’t know who you are after you close it.',
    ],
    ['Questions', 'Ask the organization that runs this server.'],
  ],
};

const SPANISH: DemoPrivacyPolicy = {
  title: 'Política de privacidad de My Record (demo)',
  lead: 'My Record (demo) es una aplicación de muestra que viene con este servidor. La crea el proyecto Patient Access para mostrar qué puede hacer una aplicación con un expediente médico.',
  sections: [
    [
      'Qué lee',
      'Lee solo lo que usted permite en la página de consentimiento. Puede desconectarla en cualquier momento, en la aplicación o en su cuenta.',
    ],
    [
      'Dónde están sus datos',
      'Sus datos se quedan en su dispositivo, en la pestaña del navegador en la que abrió la aplicación. La aplicación funciona solo en esa pestaña. No tiene un servidor propio, así que no puede enviar sus datos a ningún lado.',
    ],
    [
      'Venta, acceso de terceros y otros usos',
      'La aplicación no vende sus datos, no los comparte con nadie y no los usa para anuncios, investigación ni nada más.',
    ],
    [
      'Cuánto tiempo tiene sus datos y cómo borrarlos',
      'La aplicación no guarda datos de salud. Guarda su conexión en la pestaña, para que usted pueda volver a cargar la página. Para borrar todo, elija Desconectar o cierre la pestaña. Después no queda nada.',
    ],
    [
      'Cifrado',
      'La aplicación no cifra lo que hay en la pestaña. No deje la pestaña abierta en una computadora compartida.',
    ],
    [
      'Cambios',
      'Si esta política cambia, usted encontrará el texto nuevo en esta página. La aplicación no puede avisarle antes, porque no sabe quién es usted después de que la cierra.',
    ],
    ['Preguntas', 'Pregunte a la organización que administra este servidor.'],
  ],
};

const policySections = (
  { lead, sections }: DemoPrivacyPolicy,
  level: 'h2' | 'h3',
): Html => html`<p class="lead">${lead}</p>
${sections.map(([heading, text]) => html`<div><${level}>${heading}</${level}><p>${text}</p></div>`)}`;

/**
 * The policy in English and Spanish on one page, because the consent page that links here can be in either. No script
 * or style is inline (CSP).
 */
export const privacyPage = (): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${ENGLISH.title}</title>
<link rel="stylesheet" href="/demo/shared/app.css">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#policy">Skip to main content</a>
<header class="top"><p><strong>My Record (demo)</strong></p></header>
<main id="policy" tabindex="-1">
<div class="start">
<h1>${ENGLISH.title}</h1>
<p><a href="#es" lang="es" hreflang="es">Español</a></p>
${policySections(ENGLISH, 'h2')}
</div>
<section class="start" lang="es" id="es" aria-labelledby="title-es">
<h2 id="title-es">${SPANISH.title}</h2>
${policySections(SPANISH, 'h3')}
</section>
</main>
<footer class="foot"><p><a href="/demo">My Record (demo)</a></p></footer>
</body>
</html>
`;
