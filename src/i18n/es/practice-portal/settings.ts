import { html } from '../../../kernel/index.ts';
import type { Messages } from '../../en/index.ts';
import { terms } from '../terms.ts';

export const settings: Messages['practicePortal']['settings'] = {
  title: 'Configuración del consultorio',
  lead: (practice) => `Los pacientes ven estos datos en las páginas y en los correos de ${practice}.`,
  preview: 'Vista previa de lo que ven los pacientes',
  unpublishedHtml: (name) =>
    html`<b>Las aplicaciones todavía no pueden encontrar este consultorio.</b> Aún tiene el nombre provisional «${name}», así que no se publica ninguna versión nueva de la lista de consultorios para las aplicaciones. Escriba el nombre que conocen los pacientes y guarde los cambios.`,
  notListedHtml: (missing) =>
    html`<b>Este consultorio no está en la lista de direcciones del servicio.</b> Las aplicaciones usan <a href="/service-base-urls">esta lista</a> para encontrar consultorios. Para agregarlo, escriba ${missing}.`,
  missingDetails: { location: 'una dirección', identifier: 'un NPI' },
  changeLogo: 'Cambiar el logotipo',
  addLogo: 'Agregar un logotipo',
  logoText: 'Los pacientes lo ven en la parte superior de cada página.',
  fields: {
    groups: { practice: 'El consultorio', contact: 'Contacto para pacientes', display: 'Zona horaria y color' },
    name: 'Nombre',
    phone: 'Teléfono',
    phoneHint: 'Para las preguntas de los pacientes, por ejemplo 555-010-2030.',
    email: terms.emailAddress,
    emailHint: 'Las respuestas a los correos llegan a esta dirección.',
    website: terms.website,
    websiteHint: 'Debe empezar con https://',
    address: 'Dirección',
    addressHint: 'Como en un sobre, en 6 líneas como máximo.',
    npi: terms.npi,
    npiHint:
      'Identificador nacional del proveedor (NPI) del consultorio, 10 dígitos. Aparece en la lista de direcciones del servicio.',
    timeZone: 'Zona horaria',
    timeZoneHint:
      'Los pacientes ven las horas en esta zona horaria. Escriba una ciudad o una zona horaria, por ejemplo Chicago u hora central. Para ver otras sugerencias, primero borre el texto.',
    unknownTimeZone: (text) =>
      `No conocemos la zona horaria «${text}». Escriba una ciudad grande de la misma zona horaria, o una zona horaria, por ejemplo hora oriental`,
    similarTimeZones: (text, suggestions) => `No sabemos qué zona horaria es «${text}». ¿Quiso decir ${suggestions}?`,
    color: 'Color',
    colorHint:
      'Color de los enlaces y botones: # y 6 dígitos hexadecimales, como #0b5f6b. Sirve cualquier color: las páginas lo oscurecen o aclaran donde el texto sería difícil de leer.',
    colorPicker: 'Elegir un color',
    colorSample: {
      light: (color) => `Enlace y botón en una página clara, en ${color}`,
      dark: (color) => `Enlace y botón en una página oscura, en ${color}`,
    },
  },
  button: 'Guardar cambios',
  nameTaken: 'Otro consultorio ya tiene ese nombre. Elija otro',
  notices: {
    saved: 'Se guardaron los cambios. Los pacientes ya los ven.',
    logo: 'Se guardó el logotipo. Los pacientes ya lo ven.',
    'logo-removed': 'Se quitó el logotipo.',
    on: 'La API está activada. Las aplicaciones pueden leer datos.',
    off: 'La API está desactivada. Ninguna aplicación puede leer datos.',
  },
  logo: {
    title: 'Logotipo',
    none: 'Todavía no hay logotipo.',
    imageOf: (practice) => `El logotipo de ${practice}`,
    file: 'Archivo del logotipo',
    fileHint:
      'PNG, JPEG o WebP, de 200 KB y 2000 × 2000 píxeles como máximo. El logotipo aparece junto al nombre, con una altura de 40 píxeles.',
    button: 'Guardar logotipo',
    remove: 'Quitar logotipo',
    removePage: {
      title: '¿Quitar el logotipo?',
      text: 'A partir de entonces, los pacientes solo verán el nombre del consultorio. Para usar el logotipo de nuevo, vuelva a subir el archivo.',
      button: 'Quitar logotipo',
      keep: 'Conservar logotipo',
    },
  },
  api: {
    on: 'La API está activada',
    onText: 'Las aplicaciones leen lo que permiten los pacientes y el personal. Desactívela en una emergencia.',
    off: 'La API está desactivada',
    offText: 'Ninguna aplicación puede leer datos de este consultorio.',
    titleOff: '¿Desactivar la API?',
    titleOn: '¿Activar la API?',
    offConsequencesHtml: html`
<p>La API está <b>activada</b>. Si la desactiva:</p>
<ul>
  <li>En menos de un segundo, ninguna aplicación podrá leer datos de este consultorio. Esto incluye las aplicaciones de los pacientes, las del personal y los sistemas de servidor.</li>
  <li>Las aplicaciones recibirán un error que dice que el consultorio desactivó su API.</li>
  <li>Los pacientes no podrán conectar aplicaciones a sus expedientes de aquí. Los consentimientos que ya dieron no cambian.</li>
</ul>
<p>Los pacientes tienen derecho a recibir sus datos en la aplicación que elijan (45 CFR 171). Desactive la API solo en una emergencia, y solo durante el tiempo necesario.</p>`,
    onConsequencesHtml: html`
<p>La API está <b>desactivada</b>, así que ninguna aplicación puede leer datos de este consultorio. Si la activa, las aplicaciones podrán leer otra vez lo que los pacientes y el personal les permitieron, salvo que ese acceso haya vencido.</p>`,
    sandboxOff:
      'El operador desactivó el entorno de prueba de este servidor. Usted no puede activar la API de este consultorio hasta que el operador active el entorno de prueba.',
    confirm: '¿Confirma este cambio?',
    confirmOff: 'Sí, impedir que todas las aplicaciones lean datos de este consultorio',
    confirmOn: 'Sí, permitir que las aplicaciones lean datos de este consultorio',
    notConfirmed: 'Marque la casilla para confirmar',
    buttonOff: 'Desactivar la API',
    buttonOn: 'Activar la API',
  },
  previewPage: {
    title: 'Vista previa',
    back: 'Volver a la configuración del consultorio',
    heading: (practice) => `Así ven los pacientes ${practice}`,
    lead: 'El nombre y el logotipo están arriba, y los datos de contacto están abajo. Los enlaces y los botones tienen el color del consultorio.',
    noteHtml: (path) => html`Esta es una nota de ejemplo con <a href="${path}">un enlace</a>.`,
    address: 'Dirección en las cartas',
    button: 'Botón de ejemplo',
  },
};
