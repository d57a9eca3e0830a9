import type { WebMessages } from '../../en/web.ts';
import { counts } from '../counts.ts';
import { formatNumber } from '../plural.ts';
import { terms } from '../terms.ts';

/** Spanish descriptions of the test patients. The API only has them in English. */
const ABOUT: Readonly<Record<string, string>> = {
  patientapitest:
    'La paciente de prueba principal: años de diabetes y presión arterial, y todos los tipos de recursos menos RelatedPerson.',
  patient02:
    'El expediente grande, con más de 5000 recursos: diálisis y doce años de análisis, para probar páginas, totales y clientes lentos.',
  patient03: 'Embarazada, en la semana 32: controles prenatales, fecha prevista de parto y diabetes gestacional.',
  patient04:
    'Niño de cinco años: crecimiento con percentiles, todas las vacunas y una rechazada, alergia al cacahuate y otitis.',
  patient05: 'Una bebé de seis meses: perímetro cefálico, peso para la talla, primeras vacunas.',
  patient06: 'Un adolescente con asma y TDAH: inhaladores, una visita a urgencias, percentiles hasta los quince años.',
  patient07: 'Antes tenía otro apellido (Rosewood); tiroides y ansiedad; madre de Milo y June.',
  patient08:
    'Falleció en el hospital: un expediente cerrado, insuficiencia cardíaca y EPOC, y la última hospitalización con su informe de alta.',
  patient09: 'Habla solo español; presión arterial, gota e inseguridad alimentaria (SDOH).',
  patient10: 'Enfermedad de Alzheimer: puntuaciones de memoria que bajan, osteoporosis, una hija como contacto.',
  patient11: 'Cáncer de mama, tratado e inactivo: cartas de especialistas en PDF, un tratamiento largo con tabletas.',
  patient12:
    'Depresión atendida por video: visitas virtuales, puntuaciones PHQ-9, un medicamento que se cambió. Los diagnósticos y medicamentos llevan etiquetas de información sensible (PSY).',
  patient13:
    'Fuma todos los días y tiene EPOC: saturación de oxígeno, función pulmonar y una hospitalización por neumonía.',
  patient14: 'Fibrilación auricular: dos años de valores INR cada mes, después un anticoagulante más nuevo; tiroides.',
  patient15:
    'Artritis reumatoide: análisis de sangre cada tres meses, inflamación que baja con el tratamiento. Prefiere el chino.',
  patient16: 'Migraña: medicamentos para los ataques y para prevenirlos, visitas en el consultorio y por video.',
  patient17:
    'Casi vacío: una visita, ninguna alergia conocida; raza, etnia y teléfono sin responder. Muestra qué hace una aplicación cuando no hay datos.',
  patient18:
    'Un brazo roto en urgencias, faringitis, una alergia a la aspirina que se descartó y un peso registrado por error.',
  patient19:
    'Infarto hace tres años: hospitalización con troponina, muchos medicamentos para el corazón y colesterol más bajo.',
  patient20: 'Deficiencia de hierro: hemogramas antes y después del tratamiento, reflujo ácido. Prefiere el árabe.',
  patient21:
    'Una de dos gemelos: el mismo apellido, la misma fecha de nacimiento y la misma dirección que Leo. Prefiere el español.',
  patient22:
    'Uno de dos gemelos: el mismo apellido, la misma fecha de nacimiento y la misma dirección que Luna. Prefiere el español.',
  patient23:
    'Paciente de dos consultorios: presión arterial en Sandbox Family Practice y ritmo cardíaco en Sandbox Heart Clinic. Una cuenta con dos expedientes para elegir. Prefiere el español.',
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
  represents: 'inicia sesión en nombre de otros (guardianapitest)',
  twin: 'gemelo o gemela',
  deceased: 'fallecido',
  formerName: 'apellido anterior',
  accents: 'letras fuera de ASCII en el nombre',
  spanish: 'prefiere el español',
  chinese: 'prefiere el chino',
  arabic: 'prefiere el árabe',
  originUntold: 'raza y etnia sin responder',
  otherGender: 'género: otro',
  absentExtension: 'dato ausente, como extensión',
  absentCode: 'dato ausente, como código',
  sensitive: 'etiquetas de información sensible (PSY)',
  mistake: 'registrado por error',
  pregnancy: 'embarazo, fecha prevista de parto',
  growth: 'percentiles de crecimiento',
  hospital: 'hospitalización',
  emergency: 'visita a urgencias',
  video: 'visitas por video',
  dialysis: 'diálisis',
  resolved: 'problemas resueltos',
  concern: 'preocupaciones de salud',
  noAllergies: 'sin alergias conocidas',
  highRiskAllergy: 'alergia de criticidad alta',
  pastAllergy: 'alergia resuelta o refutada',
  stopped: 'medicamento suspendido, con el motivo',
  reported: 'medicamento informado por el paciente',
  planned: 'medicamento planeado, no recetado',
  medicationReference: 'Medication como referencia',
  dispense: 'medicamentos dispensados',
  wardMedicine: 'medicamento administrado en el hospital',
  vaccineRefused: 'vacuna rechazada',
  vaccineElsewhere: 'vacunas según un registro',
  implant: 'implante con UDI',
  procedure: 'procedimientos',
  imaging: 'informes de imágenes con una imagen',
  cardiology: 'informes de cardiología',
  pathology: 'informe de patología',
  laboratory: 'informes de laboratorio con muestras',
  codedResult: 'resultados de laboratorio codificados',
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
  lead: 'Inicie sesión como paciente de prueba con el mismo flujo que usa su aplicación. Después lea el expediente con las dos versiones de la API.',
  connect: {
    title: 'Iniciar sesión como paciente de prueba',
    titleStaff: 'Iniciar sesión como profesional de prueba',
    app: terms.app,
    explorerApp: 'La aplicación propia del explorador',
    chooseApp: 'Elija una de sus aplicaciones',
    patient: 'Paciente de prueba',
    clinician: 'Profesional de prueba',
    any: 'Lo escribiré allí',
    credentials: (username, password) => `Inicie sesión como ${username} con la contraseña ${password}`,
    scopes: 'Permisos (scopes)',
    scopesHint: 'Separe los permisos con espacios. Los que la aplicación no tiene registrados no se conceden.',
    useOwnApp: 'Usar su propia aplicación',
    useOwnAppHint: (callback) =>
      `El identificador (client_id) de una aplicación pública que tenga ${callback} como URL de redirección. Déjelo vacío para usar la aplicación propia del explorador.`,
    clientId: 'Identificador de la aplicación (client_id)',
    button: 'Iniciar sesión y autorizar',
    again: 'Iniciar sesión con otra cuenta',
    session: (name) =>
      `Usted inició sesión como ${name}. Un navegador puede tener una sola sesión, así que pausamos la suya mientras el paciente de prueba inicia sesión. Se reanuda cuando usted regresa.`,
    missing: {
      'no-sandbox':
        'Esta instalación no tiene entorno de prueba. El explorador funciona solo con su propia aplicación pública.',
      'provisional-inactive':
        'En este servidor, las aplicaciones están inactivas hasta que se aprueban. Esto incluye la aplicación propia del explorador. Use su propia aplicación pública aprobada.',
    },
    otherAddress: (address) =>
      `Solo se puede iniciar sesión en ${address}, pero esta página se abrió en otra dirección.`,
    open: 'Abrirla allí',
    insecure: 'Este navegador no permite usar criptografía en esta página. Ábrala en localhost o por https.',
  },
  ownApp: {
    states: {
      add: (name) =>
        `${name} todavía no tiene la URL de redirección del explorador. La agregamos cuando usted continúa, y funciona de inmediato. Esto no afecta la revisión ni sus plazos.`,
      'ask-for': (name) =>
        `${name} está activa y no tiene la URL de redirección del explorador. Agregarla es un cambio que necesita revisión: hasta 10 días hábiles, y después hasta 5. La versión aprobada sigue funcionando. Mientras tanto, la aplicación propia del explorador muestra los mismos datos.`,
      waits: (name) =>
        `La URL de redirección del explorador está pendiente de revisión como cambio de ${name}. Mientras tanto, la aplicación propia del explorador muestra los mismos datos.`,
      stopped: (name) => `Nadie puede iniciar sesión en ${name} ahora. Su página explica por qué y qué hacer.`,
      inactive: (name) => `${name} empezará a funcionar cuando esté aprobada.`,
      key: (name) =>
        `${name} se autentica con una clave privada, que debe quedarse en su servidor. Pruébela con su propio programa.`,
      dpop: (name) =>
        `Los tokens de ${name} necesitan una prueba de posesión (DPoP) en cada llamada. El explorador no admite DPoP. Pruébela con su propio programa.`,
      backend: (name) => `${name} es una aplicación de servidor. Ningún usuario inicia sesión en ella.`,
    },
    replacesPending: 'Ya hay otro cambio pendiente de revisión. Este lo reemplaza y contiene los dos.',
    submitChange: 'Enviar cambio',
    addAndGo: 'Agregar la URL y autorizar',
    readOnly: 'Pida a un desarrollador de su organización que la agregue.',
    toApp: (name) => `Ir a la página de ${name}`,
    secretLater: 'La aplicación se autentica con su secreto. Téngalo a mano: lo escribirá cuando vuelva.',
    secretTitle: (name) => `Secreto de ${name}`,
    secretLead:
      'El paciente dio su consentimiento. Ahora su aplicación canjea el código por tokens y se autentica con su secreto. El código es válido por un minuto.',
    secret: (name) => `Secreto de ${name} (client_secret)`,
    secretNote:
      'Enviamos el secreto al punto de acceso de tokens de este servidor y lo guardamos solo en la memoria de esta página. Al volver a cargar la página, se borra.',
    exchange: 'Canjear el código',
    again: 'Inténtelo de nuevo dentro del minuto, o empiece otra vez.',
    beginAgain: 'Empezar de nuevo',
    useSecret: 'Usar el secreto',
  },
  callback: {
    failed: 'El inicio de sesión no devolvió un token',
    unknownState: 'Esta respuesta no corresponde a ninguna solicitud de esta pestaña. Empiece de nuevo.',
    otherIssuer: 'La respuesta vino de un servidor de autorización distinto del esperado. Empiece de nuevo.',
    back: 'Volver al explorador',
  },
  tokens: {
    title: 'Tokens',
    patient: 'Paciente en contexto',
    app: terms.app,
    clientId: 'Identificador de la aplicación (client_id)',
    details: 'Detalles: permisos, tokens, id_token',
    scope: 'Permisos concedidos',
    notGranted: 'Solicitados, pero no concedidos',
    accessToken: 'Token de acceso',
    accessExpired: 'vencido',
    accessLeft: (time) => `válido por ${time}`,
    expires: 'El token de acceso vence',
    copyAccess: 'Copiar el token de acceso',
    revoked: 'revocado',
    refreshToken: 'Token de renovación',
    noRefresh: 'Ninguno. Solicite online_access u offline_access para recibir uno.',
    refreshLeft: (time) => `válido por ${time} después de emitirse`,
    refresh: 'Renovar tokens',
    revoke: 'Revocar tokens',
    show: 'Mostrar los tokens',
    response: 'Respuesta del token',
    introspection: 'Introspección del token',
    idToken: 'id_token',
    noIdToken: 'Ninguno. Solicite openid para recibir uno.',
    header: 'Encabezado',
    claims: 'Datos (claims)',
    checks: {
      signature: ['Firmado con una clave de este servidor', 'No está firmado con una clave de este servidor'],
      issuer: ['iss es este servidor', 'iss no es este servidor'],
      audience: ['aud es esta aplicación', 'aud no es esta aplicación'],
      nonce: ['nonce coincide con la solicitud', 'nonce no coincide con la solicitud'],
      time: ['exp está en el futuro', 'exp está en el pasado'],
    },
    eventsTitle: 'Eventos anteriores',
    events: {
      'signed-in': 'Sesión iniciada. El código se canjeó por tokens.',
      refreshed:
        'Renovado. Hay un token de acceso y un token de renovación nuevos. El token de renovación anterior ya no es válido.',
      revoked:
        'Revocado. Los tokens de este inicio de sesión ya no son válidos. Envíe una solicitud para ver cómo responde ahora la API.',
      refused: 'Rechazado por el servidor:',
    },
  },
  request: {
    title: 'Solicitud',
    type: 'Tipo',
    id: 'Id',
    idHint: 'Lee el recurso con este identificador en lugar de buscar.',
    more: (count) => `Más parámetros (${formatNumber(count)})`,
    find: 'Buscar un parámetro',
    noMatch: 'Ningún parámetro coincide con su búsqueda.',
    example: (value) => `por ejemplo ${value}`,
    none: 'sin indicar',
    send: 'Enviar',
    clear: 'Borrar',
  },
  response: {
    path: (version) => `Ruta de la solicitud ${version}`,
    send: 'Enviar',
    signIn: 'Primero inicie sesión como paciente de prueba. La API requiere un token.',
    notServed: (version, type) => `${version} no tiene ${type} en este servidor.`,
    unsupported: (version, names) => `${version} no admite estos parámetros de búsqueda: ${names}.`,
    milliseconds: (count) => `${formatNumber(count)} ms`,
    headers: 'Encabezados',
    expandAll: 'Expandir todo',
    collapseAll: 'Contraer todo',
    collapse: (key) => `Ocultar ${key}`,
    items: counts.entries,
    follow: (path) => `Cargar ${path}`,
    copyJson: 'Copiar JSON',
    curl: 'curl',
    copyCurl: 'Copiar curl',
    withToken: 'Incluir el token',
    save: 'Guardar documento',
    document: (type, size) => `Documento: ${type}, ${size}.`,
    unreachable: 'No se puede llegar al servidor. Revise su conexión y envíe la solicitud de nuevo.',
    loading: (version) => `${version}: esperando la respuesta`,
    next: terms.nextPage,
  },
  patients: {
    title: 'Pacientes de prueba',
    lead: (practice) =>
      `Todas las personas de ${practice} son ficticias. Inicie sesión como cualquiera de ellas con una aplicación provisional o activa.`,
    password: 'Todas tienen la misma contraseña:',
    noSandbox: 'No hay pacientes de prueba en este servidor',
    noSandboxText: 'Esta instalación se inició con SANDBOX=off.',
    find: 'Buscar',
    findHint: 'Nombre, usuario, diagnóstico o caso de uso',
    noMatch: 'Ninguna cuenta coincide',
    noMatchText: 'Use menos palabras o borre el campo.',
    shown: counts.accounts,
    copyUsername: (username) => `Copiar ${username}`,
    open: 'Abrir en el explorador',
    openLauncher: 'Abrir el lanzador',
    openPracticePortal: 'Abrir el portal del consultorio',
    about: (username, text) => ABOUT[username] ?? text,
    covers: 'Casos:',
    caseText: (name, text) => CASES[name] ?? text,
    age: (years) => (years === 0 ? 'menos de un año' : counts.years(years)),
    visits: (count, years) => `${counts.encounters(count)}${years > 0 ? ` en ${counts.years(years)}` : ''}`,
    dstu2: (count) => `${counts.entries(count)} en DSTU2`,
    conditions: 'Diagnósticos activos:',
    kinds: {
      patient: 'Paciente',
      representative: 'Actúa en nombre de otros',
      clinician: 'Médica',
      desk: 'Recepción',
    },
    roles: {
      representative: 'Inicia sesión y elige qué expediente recibe la aplicación: el suyo o el de un hijo.',
      clinician:
        'Para aplicaciones de personal. Las abre desde el expediente de un paciente (SMART EHR launch) o inicia sesión en aplicaciones que solicitan permisos user/.',
      desk: 'Registra pacientes y ve quién leyó qué expediente. No puede abrir aplicaciones.',
    },
    self: 'Expediente propio',
    represented: 'Actúa en nombre de',
    empty: 'El expediente contiene solo los datos de la persona. Sirve para probar estados vacíos.',
  },
};
