import type { Messages } from '../en/index.ts';
import { counts } from './counts.ts';
import { terms } from './terms.ts';

export const publicSite: Messages['publicSite'] = {
  navigation: 'Páginas públicas',
  links: { apps: 'Aplicaciones', practices: 'Consultorios y sus direcciones', status: terms.status },
  search: terms.search,
  all: 'Mostrar todo',
  gallery: {
    title: 'Aplicaciones que puede conectar',
    lead: 'Estas aplicaciones pueden leer su expediente médico si usted lo permite. Usted elige qué ve cada una y puede detenerlo en cualquier momento.',
    hint: 'Un nombre, quién la hace o lo que quiere hacer',
    field: 'Buscar entre las aplicaciones',
    none: 'Todavía no hay ninguna aplicación en la lista.',
    noneFound: (words) => `Ninguna aplicación corresponde a «${words}». Pruebe con menos palabras u otras.`,
    count: counts.apps,
    page: (page, pages) => `Página ${page} de ${pages}`,
    next: terms.nextPage,
    previous: 'Página anterior',
    madeBy: (developer) => `Hecha por ${developer}`,
    unknownDeveloper: 'No se sabe quién la hace.',
    verified: terms.verified,
    verifiedMeans: 'Comprobamos quién la hace.',
    notVerified: 'Nadie aquí ha comprobado quién la hace.',
    requestedData: 'Pide ver',
    noRequestedData: 'Ningún dato de salud.',
    dataUse: 'Lo que dice que hace con sus datos',
    website: 'Su sitio web',
    policy: 'Su política de privacidad',
    noPolicy: 'No dice dónde está su política de privacidad.',
    logo: (app) => `Logotipo de ${app}`,
    disclaimer:
      'Que una aplicación esté en la lista no quiere decir que se la recomendemos. Su expediente médico se comparte solo después de que usted inicie sesión y esté de acuerdo.',
    howToConnect:
      'Empiece en la propia aplicación: busque allí cómo conectar su expediente médico y elija su consultorio.',
  },
  brands: {
    title: 'Consultorios y sus direcciones',
    lead: 'Consultorios cuyos pacientes pueden conectar aplicaciones aquí, y las direcciones de las que leen las aplicaciones.',
    field: 'Buscar entre los consultorios',
    hint: 'Nombre, ciudad, estado o código postal',
    none: 'Todavía no hay nada publicado.',
    noneFound: (words) => `Ningún consultorio corresponde a «${words}».`,
    count: counts.practices,
    website: terms.website,
    locations: 'Lugares',
    otherNames: 'También conocido como',
    npi: terms.npi,
    portal: 'Para pacientes',
    portalLink: 'Iniciar sesión o ver su cuenta',
    sandbox: 'Pacientes inventados, para quienes desarrollan aplicaciones',
    partOf: 'Usa el portal de',
    addresses: 'Direcciones para aplicaciones',
    addressesHint: 'Todos los consultorios tienen las mismas dos.',
    developers: 'Para desarrolladores',
    bundle: 'Lo mismo como Bundle de FHIR, para programas',
    r4Bundle: 'Solo FHIR R4',
    updated: (when) => `Último cambio: ${when}.`,
    checks: {
      'bundle-collection': 'El Bundle no es una colección. Es una falla del servidor: avise de ella.',
      'bundle-timestamp': 'El Bundle no dice cuándo cambió. Es una falla del servidor: avise de ella.',
      'ids-unique':
        'Dos entradas tienen el mismo id, o un id tiene una forma incorrecta. Es una falla del servidor: avise de ella.',
      'full-urls': 'La dirección de una entrada no termina en su id. Es una falla del servidor: avise de ella.',
      'nothing-empty': 'Algo está y está vacío. Es una falla del servidor: avise de ella.',
      'references-resolve': 'Se menciona algo que no está en el Bundle. Es una falla del servidor: avise de ella.',
      'endpoints-there':
        'No hay ninguna dirección de la que puedan leer las aplicaciones. Es una falla del servidor: avise de ella.',
      'base-urls-unique':
        'La misma dirección para aplicaciones está dos veces. Es una falla del servidor: avise de ella.',
      'primary-brand':
        'No hay exactamente una marca con el identificador que el servidor da a las aplicaciones. Mire si un consultorio tiene como sitio web la dirección de este servidor, y cámbiela.',
      'primary-brand-endpoints':
        'La marca principal no nombra todas las direcciones para aplicaciones. Es una falla del servidor: avise de ella.',
      'npi-once':
        'Dos consultorios tienen el mismo identificador, y las aplicaciones podrían tomarlos por uno solo. Dé a cada uno su propio NPI y su propio sitio web.',
      'names-once': 'Dos consultorios tienen el mismo nombre, y los pacientes no pueden distinguirlos. Cambie uno.',
      'live-practice':
        'No se publica ningún consultorio con pacientes reales: no hay ninguno, todos han apagado su API o faltan datos.',
      'brand-name': 'Un consultorio no tiene nombre. Póngale uno en su página.',
      'placeholder-name':
        'El nombre ocupa el lugar del verdadero. Cambie el nombre del consultorio en su página, o apague su API si no se usa.',
      'placeholder-name-local':
        'El nombre ocupa el lugar del verdadero. En un servidor al que las aplicaciones llegan por https, no se publicaría nada hasta cambiarlo.',
      'brand-website': 'El sitio web no es una dirección web. Escríbalo de nuevo en la página del consultorio.',
      'absent-reasons':
        'Una razón de que falten datos no es una de las dos permitidas. Es una falla del servidor: avise de ella.',
      category: 'El tipo de consultorio no es uno que conozcan las aplicaciones. Elija otro abajo.',
      identifiers: 'Un identificador no tiene sistema o valor. Es una falla del servidor: avise de ella.',
      npi: 'El NPI es incorrecto: su última cifra no corresponde a las demás. Búsquelo en npiregistry.cms.hhs.gov.',
      'portal-endpoints':
        'El portal de los pacientes nombra una dirección que la marca no nombra. Es una falla del servidor: avise de ella.',
      'brand-endpoint':
        'Un consultorio no tiene dirección para aplicaciones. Es una falla del servidor: avise de ella.',
      'part-of': 'El consultorio usa el portal de otro que no tiene uno propio. Elija otro abajo.',
      logo: 'El logotipo no se puede pedir por https. Ponga en PUBLIC_URL la dirección https de este servidor.',
      'website-missing':
        'El consultorio no ha dicho cuál es su sitio web. Las aplicaciones lo muestran para que los pacientes lo reconozcan: escríbalo en la página del consultorio.',
      'logo-missing':
        'El consultorio no tiene logotipo. Las aplicaciones lo muestran en su tarjeta: agregue uno en la página del consultorio.',
      'location-missing':
        'El consultorio no tiene dirección y por eso no figura en la lista. Escriba su dirección en la página del consultorio.',
      'location-form':
        'La dirección no tiene una forma que los programas puedan leer. Que su última línea sea «Ciudad, ST 12345».',
      'facility-identifier':
        'El consultorio no tiene NPI y por eso no figura en la lista. Escriba su NPI abajo o en la página del consultorio.',
      'endpoint-address':
        'Una dirección para aplicaciones no es una dirección web, o termina en barra. Corrija PUBLIC_URL.',
      'endpoint-version':
        'Una dirección para aplicaciones no dice qué versión de FHIR tiene. Es una falla del servidor: avise de ella.',
      'endpoint-status': 'Una dirección para aplicaciones no está activa. Es una falla del servidor: avise de ella.',
      'endpoint-connection':
        'Una dirección para aplicaciones no dice que es FHIR por la web. Es una falla del servidor: avise de ella.',
      'endpoint-contact': 'No hay dirección web para desarrolladores. Corrija PUBLIC_URL.',
      'endpoint-payload':
        'Una dirección para aplicaciones dice mal lo que envía. Es una falla del servidor: avise de ella.',
      https:
        'Una dirección empieza por http, y lo que se envía se puede leer por el camino. Ponga en PUBLIC_URL una dirección https.',
      'https-local':
        'Las direcciones empiezan por http, porque este servidor es para pruebas. En uno real tienen que ser https.',
    },
  },
  status: {
    title: terms.status,
    overall: {
      working: 'Todo funciona',
      partly: 'Algunas partes no funcionan en este momento',
      failing: 'El servicio no funciona en este momento',
      unknown: 'No se sabe cómo está el servicio en este momento',
    },
    components: terms.serviceParts,
    states: { working: 'Funciona', failing: 'No funciona', unknown: 'No se sabe' },
    checkedAt: (when) => `Última comprobación: ${when}. El servidor comprueba cada cinco minutos.`,
    diskIsLow: 'Al servidor le queda poco espacio en disco. Su operador debe liberar espacio.',
    parts: 'Partes del servicio',
    days: 'Los últimos 90 días, cada uno una barra: la primera es la más antigua; la última, hoy.',
    legend: { good: 'funcionó', some: 'falló a veces', bad: 'falló mucho tiempo', none: 'nadie lo comprobó' },
    uptime: (share) => `funcionó el ${share} del tiempo`,
    neverLooked: 'Todavía nadie lo ha comprobado.',
    label: (component, good, bad) => `${component}, los últimos 90 días: ${good}. ${bad}`,
    noBadDays: 'Ningún día con fallas.',
    badDays: (days) => `Días con fallas: ${days}.`,
    responseTimes: (half, most) =>
      `Responde en ${half} ms la mitad de las veces, y en ${most} ms 95 veces de cada 100.`,
    now: 'Ahora',
    planned: 'Mantenimiento programado',
    past: 'Los últimos 90 días',
    nothingPast: 'Ningún incidente ni mantenimiento.',
    kinds: terms.serviceEvents,
    from: (when) => `Desde el ${when}`,
    until: (when) => `hasta el ${when}`,
    affects: 'Afecta a',
    ended: terms.serviceEventStates.over,
    ongoing: terms.serviceEventStates.open,
    databaseUnavailable:
      'El servidor no llega a su base de datos: las aplicaciones no pueden leer y nadie puede iniciar sesión. Mientras tanto no se puede mostrar lo anterior. Vuelva a intentarlo en unos minutos.',
    json: 'Lo mismo para programas',
    utc: 'Los días empiezan y terminan a medianoche UTC.',
  },
};
