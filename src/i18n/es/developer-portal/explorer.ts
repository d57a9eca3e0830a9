import type { WebMessages } from '../../en/web.ts';
import { counts } from '../counts.ts';
import { formatNumber } from '../plural.ts';
import { terms } from '../terms.ts';

/** Spanish descriptions of the test patients. The API only has them in English. */
const ABOUT: Readonly<Record<string, string>> = {
  patientapitest:
    'La paciente de prueba principal: diabetes y presión arterial durante años, y todos los tipos de recursos menos RelatedPerson.',
  patient02:
    'El expediente grande, más de 5000 recursos: diálisis y doce años de análisis, para páginas, totales y clientes lentos.',
  patient03:
    'Embarazada, en la semana treinta y dos: controles prenatales, fecha prevista de parto, diabetes del embarazo.',
  patient04:
    'Un niño de cinco años: crecimiento con percentiles, todas las vacunas y una rechazada, alergia al cacahuate, otitis.',
  patient05: 'Una bebé de seis meses: perímetro cefálico, peso para la talla, primeras vacunas.',
  patient06: 'Un adolescente con asma y TDAH: inhaladores, una visita a urgencias, percentiles hasta los quince años.',
  patient07: 'Antes tenía otro apellido (Rosewood); tiroides y ansiedad; madre de Milo y June.',
  patient08:
    'Murió en el hospital: un expediente terminado, insuficiencia cardíaca y EPOC, la última estancia con su informe de alta.',
  patient09: 'Habla solo español; presión arterial, gota y no siempre suficiente comida (SDOH).',
  patient10: 'Enfermedad de Alzheimer: puntuaciones de memoria que bajan, osteoporosis, una hija como contacto.',
  patient11: 'Cáncer de mama, tratado e inactivo: cartas de especialistas en PDF, un tratamiento largo con tabletas.',
  patient12:
    'Depresión atendida por video: visitas virtuales, puntuaciones PHQ-9, un medicamento que se cambió. Los diagnósticos y medicamentos llevan etiquetas de información sensible (PSY).',
  patient13:
    'Fuma todos los días, EPOC: saturación de oxígeno, función pulmonar, una estancia en el hospital con neumonía.',
  patient14: 'Fibrilación auricular: dos años de valores INR cada mes, después un anticoagulante más nuevo; tiroides.',
  patient15:
    'Artritis reumatoide: análisis de sangre cada tres meses, inflamación que baja con el tratamiento. Prefiere el chino.',
  patient16: 'Migraña: medicamentos para los ataques y para prevenirlos, visitas en el consultorio y por video.',
  patient17:
    'Casi vacía: una visita, ninguna alergia conocida; raza, etnia y un teléfono sin responder. Muestra qué hace una aplicación sin datos.',
  patient18:
    'Un brazo roto en urgencias, faringitis, una alergia a la aspirina que no lo era, un peso anotado por error.',
  patient19:
    'Infarto hace tres años: estancia en el hospital con troponina, muchos medicamentos del corazón, colesterol reducido.',
  patient20: 'Hierro bajo: hemogramas antes y después del tratamiento, reflujo ácido. Prefiere el árabe.',
  patient21:
    'Una de dos gemelos: el mismo apellido, la misma fecha de nacimiento y la misma dirección que Leo. Prefiere el español.',
  patient22:
    'Uno de dos gemelos: el mismo apellido, la misma fecha de nacimiento y la misma dirección que Luna. Prefiere el español.',
  patient23:
    'Paciente de dos consultorios: presión arterial en Sandbox Family Practice, ritmo del corazón en Sandbox Heart Clinic. Una cuenta, dos expedientes para elegir. Prefiere el español.',
};

/**
 * Spanish names of the special cases that test patients represent, such as a large record. The API has them in English
 * only.
 */
const CASES: Readonly<Record<string, string>> = {
  large: 'más de 5000 recursos',
  nearlyEmpty: 'menos de 20 recursos',
  twoPractices: 'expedientes en dos consultorios',
  guardian: 'la madre inicia sesión por el niño o la niña',
  represents: 'inicia sesión por otros (guardianapitest)',
  twin: 'gemelo o gemela',
  deceased: 'fallecido',
  formerName: 'antes otro apellido',
  accents: 'letras fuera de ASCII en el nombre',
  spanish: 'prefiere el español',
  chinese: 'prefiere el chino',
  arabic: 'prefiere el árabe',
  originUntold: 'raza y etnia sin responder',
  otherGender: 'género: otro',
  absentExtension: 'dato ausente, como extensión',
  absentCode: 'dato ausente, como código',
  sensitive: 'etiquetas de información sensible (PSY)',
  mistake: 'anotado por error',
  pregnancy: 'embarazo, fecha prevista de parto',
  growth: 'percentiles de crecimiento',
  hospital: 'estancia en el hospital',
  emergency: 'visita a urgencias',
  video: 'visitas por video',
  dialysis: 'diálisis',
  resolved: 'problemas que terminaron',
  concern: 'preocupaciones de salud',
  noAllergies: 'sin alergias conocidas',
  highRiskAllergy: 'alergia de criticidad alta',
  pastAllergy: 'alergia resuelta o refutada',
  stopped: 'medicamento suspendido, con el motivo',
  reported: 'medicamento que dijo el paciente',
  planned: 'medicamento planeado, no recetado',
  medicationReference: 'Medication como referencia',
  dispense: 'medicamentos entregados',
  wardMedicine: 'medicamento dado en el hospital',
  vaccineRefused: 'vacuna rechazada',
  vaccineElsewhere: 'vacunas según un registro',
  implant: 'implante con UDI',
  procedure: 'procedimientos',
  imaging: 'informes de imágenes con una imagen',
  cardiology: 'informes de cardiología',
  pathology: 'informe de patología',
  laboratory: 'informes de laboratorio con muestras',
  codedResult: 'resultados de laboratorio en palabras',
  longSeries: 'un resultado medido 12 veces o más',
  pdf: 'notas en PDF',
  procedureNote: 'nota de procedimiento',
  questionnaire: 'cuestionarios contestados',
  score: 'puntuaciones en el tiempo (PHQ-9, GAD-7, MMSE)',
  social: 'necesidades sociales (SDOH)',
  smoker: 'fuma todos los días',
  goals: 'objetivos del tratamiento',
  medicare: 'Medicare (seguro)',
  medicaid: 'Medicaid (seguro)',
  bill: 'cuenta y pago',
};

export const explorer: WebMessages['explorer'] = {
  title: 'Explorador de la API',
  lead: 'Inicie sesión como paciente de prueba con el mismo flujo que usará su aplicación y lea su expediente médico con las dos versiones de la API.',
  connect: {
    title: 'Iniciar sesión como paciente de prueba',
    titleStaff: 'Iniciar sesión como profesional de prueba',
    app: terms.app,
    explorerApp: 'La aplicación del explorador',
    chooseApp: 'Elija una aplicación suya',
    patient: 'Paciente de prueba',
    clinician: 'Profesional de prueba',
    any: 'Lo escribiré allí',
    credentials: (username, password) => `Inicie sesión como ${username} con la contraseña ${password}`,
    scopes: 'Permisos (scopes)',
    scopesHint: 'Separados por espacios. Lo que la aplicación no tiene registrado queda fuera de la autorización.',
    useOwnApp: 'Usar una aplicación propia',
    useOwnAppHint: (callback) =>
      `El identificador (client ID) de una aplicación pública que tenga ${callback} entre sus direcciones de retorno. Vacío: la aplicación del explorador.`,
    clientId: 'Identificador de la aplicación (client_id)',
    button: 'Iniciar sesión y autorizar',
    again: 'Iniciar sesión con otra cuenta',
    session: (name) =>
      `Usted tiene la sesión de ${name}. Un navegador tiene una sola sesión: la suya se aparta mientras entra el paciente de prueba y vuelve cuando usted regresa.`,
    missing: {
      'no-sandbox':
        'Esta instalación no tiene entorno de pruebas. El explorador funciona con una aplicación pública propia.',
      'provisional-inactive':
        'Aquí las aplicaciones están inactivas hasta que se aprueban, también la del explorador. Funciona con una aplicación pública propia ya aprobada.',
    },
    otherAddress: (address) => `Solo se puede iniciar sesión en ${address}: esta página se abrió en otra dirección.`,
    open: 'Abrirla allí',
    insecure: 'Este navegador no permite a la página usar criptografía aquí. Ábrala en localhost o por https.',
  },
  ownApp: {
    states: {
      add: (name) =>
        `${name} todavía no tiene la dirección de retorno del explorador. Se agrega al continuar y vale de inmediato. La revisión y su plazo no cambian.`,
      'ask-for': (name) =>
        `${name} está activa y no tiene la dirección de retorno del explorador. Agregarla es un cambio que espera la revisión: hasta 10 días hábiles, y después hasta 5. Lo que funciona ahora sigue igual. Mientras tanto, la aplicación del explorador muestra los mismos datos.`,
      waits: (name) =>
        `La dirección de retorno del explorador espera la revisión como cambio de ${name}. Mientras tanto, la aplicación del explorador muestra los mismos datos.`,
      stopped: (name) => `${name} no puede iniciar la sesión de nadie ahora. Su página dice por qué y qué hacer.`,
      inactive: (name) => `${name} empezará a funcionar cuando esté aprobada.`,
      key: (name) =>
        `${name} se identifica con una clave privada, que debe estar en su servidor y no en una página. Pruébela con su propio programa.`,
      dpop: (name) =>
        `Las credenciales de acceso de ${name} necesitan en cada llamada la prueba de una clave (DPoP), que el explorador no hace. Pruébela con su propio programa.`,
      backend: (name) => `${name} funciona sin una persona: nadie inicia sesión para ella.`,
    },
    replacesPending: 'Ya hay otro cambio en espera. Este lo reemplaza y contiene los dos.',
    submitChange: 'Enviarla como cambio',
    addAndGo: 'Agregarla y autorizar',
    readOnly: 'Pida a un desarrollador de su organización que la agregue.',
    toApp: (name) => `A la página de ${name}`,
    secretLater: 'Se identifica con su secreto: téngalo a mano. Se le pedirá cuando vuelva.',
    secretTitle: (name) => `El secreto de ${name}`,
    secretLead:
      'El paciente aceptó. Ahora su aplicación cambia el código por credenciales de acceso y demuestra con su secreto quién es. El código vale un minuto.',
    secret: (name) => `Secreto de ${name} (client_secret)`,
    secretNote:
      'Va al extremo de credenciales (token) de este servidor y queda en la memoria de esta página: al cargarla de nuevo se olvida.',
    exchange: 'Cambiar el código',
    again: 'Inténtelo otra vez dentro del minuto, o empiece de nuevo.',
    beginAgain: 'Empezar de nuevo',
    useSecret: 'Usarlo',
  },
  callback: {
    failed: 'El inicio de sesión no dio ningún token',
    unknownState: 'Esta respuesta no corresponde a ninguna pregunta de esta pestaña. Comience de nuevo.',
    otherIssuer: 'La respuesta vino de otro servidor que el consultado. Comience de nuevo.',
    back: 'Volver al explorador',
  },
  tokens: {
    title: 'Tokens',
    patient: 'Paciente en contexto',
    app: terms.app,
    scope: 'Permisos concedidos',
    accessToken: 'Token de acceso',
    accessExpired: 'vencido',
    accessLeft: (time) => `válido por ${time}`,
    revoked: 'revocado',
    refreshToken: 'Token de renovación',
    noRefresh: 'No hay: pida online_access u offline_access.',
    refreshLeft: (time) => `válido por ${time} desde que se entregó`,
    refresh: 'Renovar',
    revoke: 'Revocar',
    show: 'Mostrar los tokens',
    response: 'Respuesta del token',
    introspection: 'Lo que el servidor dice del token (introspección)',
    idToken: 'id_token',
    noIdToken: 'No hay: pida openid.',
    header: 'Encabezado',
    claims: 'Datos',
    checks: {
      signature: ['Firmado con una clave de este servidor', 'No está firmado con una clave de este servidor'],
      issuer: ['iss es este servidor', 'iss no es este servidor'],
      audience: ['aud es esta aplicación', 'aud no es esta aplicación'],
      nonce: ['nonce es el que se envió', 'nonce no es el que se envió'],
      time: ['exp está por venir', 'exp ya pasó'],
    },
    eventsTitle: 'Qué ha pasado',
    events: {
      'signed-in': 'Sesión iniciada: el código se cambió por tokens.',
      refreshed:
        'Renovado: hay un token de acceso y un token de renovación nuevos. El de renovación anterior ya no sirve.',
      revoked:
        'Revocado: todos los tokens de esta sesión han terminado. Envíe una solicitud para ver qué dice ahora la API.',
      refused: 'El servidor lo rechazó:',
    },
  },
  request: {
    title: 'Solicitud',
    type: 'Tipo',
    id: 'Id',
    idHint: 'Lee este, en lugar de buscar.',
    more: 'Más parámetros',
    fewer: 'Menos parámetros',
    example: (value) => `por ejemplo ${value}`,
    none: 'sin indicar',
    send: 'Enviar',
    clear: 'Vaciar',
  },
  response: {
    path: (version) => `Ruta de la solicitud ${version}`,
    send: 'Enviar',
    signIn: 'Primero inicie sesión como paciente de prueba: sin token la API no dice nada.',
    notServed: (version, type) => `${version} no tiene ${type} en este servidor.`,
    unsupported: (version, names) => `En ${version} no se busca por: ${names}.`,
    milliseconds: (count) => `${formatNumber(count)} ms`,
    headers: 'Encabezados',
    expandAll: 'Desplegar todo',
    collapseAll: 'Plegar todo',
    expand: (key) => `Mostrar ${key}`,
    collapse: (key) => `Ocultar ${key}`,
    items: counts.entries,
    follow: (path) => `Cargar ${path}`,
    copyJson: 'Copiar JSON',
    curl: 'curl',
    copyCurl: 'Copiar curl',
    withToken: 'Con el token',
    save: 'Guardar el documento',
    document: (type, size) => `Un documento: ${type}, ${size}.`,
    unreachable: 'No se puede alcanzar el servidor. Revise su conexión y envíe de nuevo.',
    loading: (version) => `${version}: esperando la respuesta`,
    next: terms.nextPage,
  },
  patients: {
    title: 'Pacientes de prueba',
    lead: (practice) =>
      `Todas las personas de ${practice} son inventadas. Inicie sesión como cualquiera de ellas con una aplicación provisional o activa.`,
    password: 'La contraseña es la misma para todas:',
    noSandbox: 'Aquí no hay pacientes de prueba',
    noSandboxText: 'Esta instalación se inició con SANDBOX=off.',
    find: 'Buscar',
    findHint: 'Nombre, usuario, diagnóstico o para qué sirve',
    noMatch: 'No hay coincidencias',
    noMatchText: 'Busque menos palabras o vacíe el campo.',
    shown: counts.accounts,
    copyUsername: (username) => `Copiar ${username}`,
    open: 'Abrir en el explorador',
    openLauncher: 'Abrir el lanzador',
    openPracticePortal: 'Abrir la recepción',
    about: (username, text) => ABOUT[username] ?? text,
    covers: 'Casos:',
    caseText: (name, text) => CASES[name] ?? text,
    age: (years) => (years === 0 ? 'menos de un año' : counts.years(years)),
    visits: (count, years) => `${counts.encounters(count)}${years > 0 ? ` en ${counts.years(years)}` : ''}`,
    dstu2: (count) => `${counts.entries(count)} en DSTU2`,
    conditions: 'Activas:',
    kinds: {
      patient: 'Paciente',
      representative: 'Actúa por otros',
      clinician: 'Médica',
      desk: 'Recepción',
    },
    roles: {
      representative:
        'Inicia sesión y elige de quién es el expediente que recibe la aplicación: el suyo o el de un hijo.',
      clinician:
        'Para aplicaciones del personal: las abre desde el expediente de un paciente (SMART EHR launch), o pide permisos user/.',
      desk: 'Registra pacientes y ve quién leyó qué. No abre aplicaciones.',
    },
    self: 'Expediente propio',
    represented: 'Actúa por',
    empty: 'Solo está registrada la persona: para estados vacíos.',
  },
};
