import type { Messages } from '../en/index.ts';
import { counts } from './counts.ts';
import { formatNumber } from './plural.ts';
import { terms } from './terms.ts';

export const publicSite: Messages['publicSite'] = {
  navigation: 'Páginas públicas',
  links: {
    apps: 'Aplicaciones',
    practices: 'Consultorios y direcciones del servicio',
    status: terms.status,
    docs: 'Documentación',
    developers: 'Para desarrolladores',
  },
  search: terms.search,
  all: 'Mostrar todo',
  gallery: {
    title: 'Aplicaciones que puede conectar',
    lead: 'Estas aplicaciones pueden leer su expediente médico si usted lo permite. Usted elige qué ve cada una y puede detener el acceso cuando quiera.',
    hint: 'Nombre de la aplicación, desarrollador o lo que usted quiere hacer',
    field: 'Buscar entre las aplicaciones',
    none: 'Todavía no hay aplicaciones en la lista.',
    demoLink: terms.tryDemoApp,
    noneFound: (words) => `Ninguna aplicación coincide con «${words}». Pruebe con menos palabras o con otras.`,
    count: counts.apps,
    madeBy: (developer) => `Hecha por ${developer}`,
    unknownDeveloper: 'Desarrollador desconocido.',
    verified: 'Desarrollador verificado',
    notVerified: 'Desarrollador no verificado.',
    requestedData: 'Pide ver',
    requestedKinds: (count) => `Pide ver ${formatNumber(count)} tipos de datos`,
    noRequestedData: 'Ningún dato de salud.',
    dataUse: 'Cómo dice la aplicación que usa sus datos',
    website: 'Sitio web de la aplicación',
    policy: 'Política de privacidad',
    noPolicy: 'La aplicación no ha dado una política de privacidad.',
    logo: (app) => `Logotipo de ${app}`,
    disclaimer:
      'Estar en la lista no es una recomendación. Su expediente médico se comparte solo después de que usted inicie sesión y acepte.',
    howToConnect:
      'Empiece en la aplicación. Busque en ella cómo conectar su expediente y elija su consultorio. Algunas tienen aquí un botón que las abre.',
    categories: { label: 'Categorías', all: 'Todas las aplicaciones', names: terms.appCategories },
    category: 'Categoría',
    inCategory: (count, category) => `${category}: ${counts.apps(count)}`,
    noneInCategory: (category) => `No hay aplicaciones en «${category}». Elija otra categoría.`,
    start: (app) => `Abrir ${app}`,
    startHint: (host) => `Se abre ${host}. Después, la aplicación le pide que inicie sesión aquí.`,
    connected: 'Conectada',
    connectedLink: 'Ver qué puede leer o desconectarla',
    examples: {
      link: 'Ver aplicaciones de ejemplo',
      title: 'Aplicaciones de ejemplo',
      note: 'Estas aplicaciones son ficticias. Muestran cómo se ve la galería, y nadie puede conectarlas. Sus enlaces no llevan a ninguna parte. Las aplicaciones reales de este servidor están aquí:',
    },
  },
  brands: {
    title: 'Consultorios y direcciones del servicio',
    lead: 'Los pacientes de estos consultorios pueden conectar aplicaciones aquí. Las aplicaciones leen los datos de salud en las direcciones del servicio.',
    field: 'Buscar entre los consultorios',
    hint: 'Nombre, ciudad, estado o código postal',
    none: 'Todavía no se ha publicado ningún consultorio.',
    noneFound: (words) => `Ningún consultorio coincide con «${words}».`,
    count: counts.practices,
    website: terms.website,
    locations: 'Ubicaciones',
    otherNames: 'También conocido como',
    npi: terms.npi,
    portal: 'Para pacientes',
    portalLink: 'Iniciar sesión o ver su cuenta',
    sandbox: 'Pacientes de prueba, para desarrolladores de aplicaciones',
    partOf: 'Usa el portal de',
    addresses: 'Direcciones del servicio',
    addressesHint: 'Todos los consultorios comparten las mismas dos direcciones del servicio.',
    developers: 'Para desarrolladores',
    bundle: 'Descargar como Bundle de FHIR (para programas)',
    r4Bundle: 'Solo FHIR R4',
    updated: (when) => `Último cambio: ${when}.`,
    checks: {
      'bundle-collection': 'El Bundle no es una colección. Es un error del servidor. Repórtelo.',
      'bundle-timestamp': 'El Bundle no tiene la fecha de su último cambio. Es un error del servidor. Repórtelo.',
      'ids-unique':
        'Dos entradas tienen el mismo id, o un id tiene una forma incorrecta. Es un error del servidor. Repórtelo.',
      'full-urls': 'El fullUrl de una entrada no termina en su id. Es un error del servidor. Repórtelo.',
      'nothing-empty': 'Hay un elemento vacío. Es un error del servidor. Repórtelo.',
      'references-resolve':
        'Una referencia apunta a un recurso que no está en el Bundle. Es un error del servidor. Repórtelo.',
      'endpoints-there': 'No hay ninguna dirección del servicio. Es un error del servidor. Repórtelo.',
      'base-urls-unique': 'La misma dirección del servicio aparece dos veces. Es un error del servidor. Repórtelo.',
      'primary-brand':
        'Exactamente una marca debe tener el identificador que el servidor da a las aplicaciones. Revise si un consultorio tiene como sitio web la dirección de este servidor, y cámbiela.',
      'primary-brand-endpoints':
        'La marca principal no incluye todas las direcciones del servicio. Es un error del servidor. Repórtelo.',
      'npi-once':
        'Dos consultorios tienen el mismo identificador, y las aplicaciones podrían tratarlos como uno solo. Dé a cada consultorio su propio NPI y su propio sitio web.',
      'names-once': 'Dos consultorios tienen el mismo nombre, y los pacientes no pueden distinguirlos. Cambie uno.',
      'live-practice':
        'No se publica ningún consultorio con pacientes reales. No hay ninguno, todos desactivaron su API o faltan datos.',
      'brand-name': 'Un consultorio no tiene nombre. Agréguelo en la página del consultorio.',
      'placeholder-name':
        'El nombre es provisional. Cambie el nombre del consultorio en su página, o desactive su API si no se usa.',
      'placeholder-name-local':
        'El nombre es provisional. En un servidor al que las aplicaciones llegan por https, no se publica nada hasta cambiarlo.',
      'brand-website': 'El sitio web no es una dirección web válida. Escríbalo de nuevo en la página del consultorio.',
      'absent-reasons':
        'La razón de que falten datos no es uno de los dos valores permitidos. Es un error del servidor. Repórtelo.',
      category: 'Las aplicaciones no conocen este tipo de consultorio. Elija otro abajo.',
      identifiers: 'Un identificador no tiene sistema o valor. Es un error del servidor. Repórtelo.',
      npi: 'El NPI no es válido: su dígito de control es incorrecto. Búsquelo en npiregistry.cms.hhs.gov.',
      'portal-endpoints':
        'El portal para pacientes incluye una dirección del servicio que la marca no incluye. Es un error del servidor. Repórtelo.',
      'brand-endpoint': 'Un consultorio no tiene dirección del servicio. Es un error del servidor. Repórtelo.',
      'part-of': 'El consultorio usa el portal de otro que no tiene portal propio. Elija otro abajo.',
      logo: 'El logotipo no se puede cargar por https. Ponga en PUBLIC_URL la dirección https de este servidor.',
      'website-missing':
        'El consultorio no tiene sitio web. Las aplicaciones lo muestran para que los pacientes reconozcan el consultorio. Escríbalo en la página del consultorio.',
      'logo-missing':
        'El consultorio no tiene logotipo. Las aplicaciones lo muestran en la tarjeta del consultorio. Agregue uno en la página del consultorio.',
      'location-missing':
        'El consultorio no tiene dirección y por eso no está en la lista. Escriba la dirección en la página del consultorio.',
      'location-form': 'Los programas no pueden leer esta dirección. Escriba su última línea así: «Ciudad, ST 12345».',
      'facility-identifier':
        'El consultorio no tiene NPI y por eso no está en la lista. Escriba el NPI abajo o en la página del consultorio.',
      'endpoint-address':
        'Una dirección del servicio no es una dirección web válida, o termina en barra. Corrija PUBLIC_URL.',
      'endpoint-version':
        'Una dirección del servicio no indica la versión de FHIR. Es un error del servidor. Repórtelo.',
      'endpoint-status': 'Una dirección del servicio no está activa. Es un error del servidor. Repórtelo.',
      'endpoint-connection':
        'Una dirección del servicio tiene un tipo de conexión incorrecto. Debe ser FHIR REST. Es un error del servidor. Repórtelo.',
      'endpoint-contact': 'No hay dirección web para desarrolladores. Corrija PUBLIC_URL.',
      'endpoint-payload':
        'Una dirección del servicio tiene un tipo de contenido incorrecto. Es un error del servidor. Repórtelo.',
      https:
        'Una dirección empieza con http, así que otros pueden leer los datos en camino. Ponga en PUBLIC_URL una dirección https.',
      'https-local':
        'Las direcciones empiezan con http porque este es un servidor de pruebas. En un servidor de producción deben empezar con https.',
    },
  },
  status: {
    title: terms.status,
    overall: {
      working: 'Todos los servicios funcionan',
      partly: 'Algunos servicios tienen problemas en este momento',
      failing: 'El servicio no funciona en este momento',
      unknown: 'No se conoce el estado en este momento',
    },
    components: terms.serviceParts,
    states: { working: 'Funciona', failing: 'No funciona', unknown: 'Desconocido' },
    checkedAt: (when) => `Última comprobación: ${when}. El servidor comprueba cada cinco minutos.`,
    emailDelay: {
      state: 'Con retraso',
      title: 'Los correos pueden llegar tarde',
      patients: 'Pacientes',
      patientsText:
        'Seguimos intentando enviar su correo durante varios días. Si el enlace ya no sirve, pida uno nuevo. No necesita el correo para iniciar sesión ni para usar sus aplicaciones conectadas.',
      practices: 'Consultorios',
      practicesText:
        'Las invitaciones y los códigos que envía por correo también pueden llegar tarde. Si un paciente no puede esperar, imprima una carta, o dé el código en persona o por teléfono.',
    },
    diskIsLow: 'Al servidor le queda poco espacio en disco. Su operador debe liberar espacio.',
    parts: 'Servicios',
    days: 'Últimos 90 días; el más antiguo está a la izquierda.',
    legend: { good: 'funcionó', some: 'interrupciones breves', bad: 'interrupciones largas', none: 'sin datos' },
    uptime: (share) => `disponible el ${share} del tiempo`,
    neverLooked: 'Todavía no hay datos.',
    label: (component, good, bad) => `${component}, últimos 90 días: ${good}. ${bad}`,
    noBadDays: 'Ningún día con interrupciones.',
    badDays: (days) => `Días con interrupciones: ${days}.`,
    responseTimes: (half, most) => `Tiempo de respuesta: mediana ${half} ms, percentil 95 ${most} ms.`,
    now: 'Ahora',
    planned: 'Mantenimiento programado',
    past: 'Últimos 90 días',
    nothingPast: 'Ningún incidente ni mantenimiento.',
    kinds: terms.serviceEvents,
    from: (when) => `Desde el ${when}`,
    until: (when) => `hasta el ${when}`,
    affects: 'Afecta a',
    ended: terms.serviceEventStates.over,
    ongoing: terms.serviceEventStates.open,
    databaseUnavailable:
      'El servidor no tiene conexión con su base de datos. Las aplicaciones no pueden leer datos y nadie puede iniciar sesión. El historial no está disponible hasta que la base de datos se recupere. Inténtelo de nuevo en unos minutos.',
    json: 'Descargar como JSON (para programas)',
    utc: 'Los días empiezan y terminan a medianoche UTC.',
  },
};
