import type { WebMessages } from '../../en/web.ts';
import { formatNumber, plural } from '../plural.ts';
import { terms } from '../terms.ts';

export const operations: WebMessages['operations'] = {
  audit: {
    title: 'Registro de auditoría',
    lead: 'Quién hizo qué, cuándo, y si se rechazó. Aquí no se dice de quién era el expediente: eso lo ven los responsables de privacidad en su consultorio.',
    kind: 'Tipo de evento',
    anyKind: 'Cualquier tipo',
    outcome: 'Resultado',
    any: 'Cualquiera',
    success: 'Hecho',
    failure: 'Rechazado',
    app: 'Aplicación (client_id)',
    account: 'Identificador de la cuenta',
    request: 'Identificador de la solicitud',
    from: 'Desde',
    to: 'Hasta',
    search: terms.search,
    clear: 'Quitar los filtros',
    export: 'Descargar como CSV',
    when: 'Cuándo',
    what: terms.what,
    who: terms.who,
    more: 'Más',
    aPatient: 'Un paciente o quien actúa por él',
    signedOut: 'Nadie con sesión iniciada',
    older: 'Eventos anteriores',
    newest: 'Volver a los más recientes',
    none: { title: 'Sin eventos', text: 'Nada del registro coincide. Elija otros días o quite un filtro.' },
    utc: 'Los días son en UTC.',
    detail: 'Detalle',
    resources: (count, type) => `${formatNumber(count)} × ${type}`,
  },
  keys: {
    title: 'Claves de firma',
    lead: 'Firman los id_token de las aplicaciones. Las aplicaciones obtienen las mitades públicas de',
    alg: 'Algoritmo',
    from: 'Firma desde',
    state: 'Situación',
    signs: 'Firma ahora',
    next: 'Firma después',
    kept: 'Publicada por lo que firmó',
    over: 'Terminada',
    rotate: 'Crear claves nuevas',
    leaked: 'Se filtraron claves',
    rotateText:
      'Las claves nuevas se publican enseguida y firman en diez minutos, sin reiniciar. Las anteriores siguen publicadas hasta que termine lo que firmaron. Nadie lo nota.',
    leakedText:
      'Las claves nuevas firman enseguida y todas las demás desaparecen enseguida. Todo id_token firmado con ellas se rechaza desde ahora; las aplicaciones pueden conservar el conjunto anterior cinco minutos. Hágalo solo tras una filtración.',
    createdCount: (count) =>
      plural(count, {
        one: 'Se creó 1 clave nueva.',
        many: `Se crearon ${formatNumber(count)} de claves nuevas.`,
        other: `Se crearon ${formatNumber(count)} claves nuevas.`,
      }),
    removedCount: (count) =>
      plural(count, {
        one: 'Desapareció 1 clave anterior.',
        many: `Desaparecieron ${formatNumber(count)} de claves anteriores.`,
        other: `Desaparecieron ${formatNumber(count)} claves anteriores.`,
      }),
  },
  jobs: {
    title: 'Tareas en segundo plano',
    lead: 'Los correos, las exportaciones, las invitaciones masivas y la limpieza se ejecutan en colas. Si un trabajo falla, se vuelve a intentar.',
    failures: 'Trabajos fallidos en el último día',
    queue: 'Cola',
    ready: 'Listos',
    running: 'En curso',
    later: 'Programados',
    failed: 'Fallidos en el último día',
    task: 'Tarea',
    last: 'Última ejecución',
    next: 'Próxima ejecución',
  },
  settings: {
    title: 'Configuración',
    lead: 'Con qué se inició este servidor. La configuración son variables de entorno: cámbielas allí y reinicie el servidor.',
    name: 'Opción',
    value: 'En vigor',
    meaning: 'Significado',
    notSet: 'sin definir',
    hidden: 'definida (un secreto no se muestra)',
    usual: 'predeterminado',
    meanings: {
      PORT: 'Puerto en el que escucha.',
      HOST: 'Dirección en la que escucha. 0.0.0.0: en todas las redes de esta máquina; defina entonces también PUBLIC_URL.',
      PUBLIC_URL:
        'Lo que escriben las personas y las aplicaciones: esquema, host y puerto, sin ruta. https en todas partes menos en esta máquina.',
      PREFIX: 'Ruta bajo la que están el servidor de autorización y las dos API de FHIR.',
      DATA_DIR: 'Dónde está la base de datos incorporada. No se usa con DATABASE_URL.',
      DATABASE_URL: 'Un PostgreSQL propio (15 o más nuevo), en lugar del incorporado.',
      SANDBOX:
        'off deja fuera el consultorio de prueba, sus pacientes, la aplicación de demostración y la del explorador de la API.',
      PROVISIONAL_APPS:
        'Qué puede hacer una aplicación antes de ser aprobada: sandbox, llegar a los consultorios de prueba; inactive, nada.',
      PATIENT_APP_REVIEW:
        'Quién admite las aplicaciones de pacientes: manual, un administrador; automatic, el propio servidor, si el desarrollador está verificado y solo pide permisos de pacientes.',
      DYNAMIC_REGISTRATION:
        'Si las aplicaciones pueden registrarse solas (RFC 7591): off; sandbox, como provisionales; open, como activas, sin la aprobación de nadie.',
      AUTHORIZATION_RESPONSE_ISS:
        'on agrega iss a las redirecciones de authorize (RFC 9207), una defensa contra ataques de confusión para aplicaciones que usan varios servidores. Las aplicaciones de una sola página hechas con fhirclient 2.6 fallan entonces la segunda vez que alguien inicia sesión.',
      TRUSTED_JWKS_HOSTS:
        'Hosts de los que se pueden obtener las claves de una aplicación por http y en una red privada, separados por comas: host o host:puerto. Todos los demás: https y direcciones públicas.',
      SENSITIVE_LABELS:
        'Un archivo JSON: [{"system": …, "code": …, "label": {"en": …, "es": …}, "basis": {"en": …, "es": …}}, …]. Las entradas del expediente que tienen una de estas etiquetas (meta.security, o securityLabel de un documento) se comparten con la aplicación de un paciente solo donde el paciente las marca aparte, con el fundamento legal a la vista.',
      EXPORT_HOURS:
        'Cuánto tiempo se guardan los archivos de una exportación (Bulk Data) después de terminada: de 1 a 168 horas.',
      VALIDATION:
        'Si lo que se carga o envían los sistemas se compara con FHIR R4 y los perfiles que declara: off, no; warn, lo que está mal se guarda para patient-access validation issues; strict, lo que tiene un error se rechaza.',
      VALIDATION_GUIDES:
        'Guías de implementación cuyos perfiles conoce la validación, separadas por comas: paquetes (.tgz) o carpetas de archivos JSON. De varias que tienen el mismo perfil vale la última.',
      DSTU2_DEPRECATED:
        'Desde cuándo las aplicaciones no deberían usar ya la API de DSTU2: una fecha (UTC) o un instante como 2027-01-31T18:00:00Z. Lo dicen todas sus respuestas, en la cabecera Deprecation (RFC 9745), y Conformance.',
      DSTU2_SUNSET:
        'Cuándo se prevé retirar la API de DSTU2, escrito como DSTU2_DEPRECATED y no antes que esa fecha: lo dicen la cabecera Sunset (RFC 8594) y Conformance. El servidor no la apaga por sí mismo.',
      PASSWORD_COST:
        'Memoria en KiB y pasadas que argon2id dedica a una contraseña nueva. Por lo menos una de m=47104,t=1; m=19456,t=2; m=12288,t=3; m=9216,t=4 y m=7168,t=5 (OWASP). Las contraseñas ya guardadas siguen funcionando con su propio costo.',
      PRACTICE_NAME: 'Nombre del consultorio real, creado la primera vez que se inicia.',
      BRAND_NAME: 'Cómo se llama la instalación en las páginas que no son de ningún consultorio.',
      SMTP_URL:
        'Servidor de correo: smtp://user:password@host:587, o smtps://…:465. Sin él no se envía ningún correo: se queda en la bandeja de salida, en /outbox.',
      MAIL_FROM: 'Dirección de la que sale el correo. Hace falta con SMTP_URL.',
      TRUST_PROXY:
        'Direcciones de los proxies inversos que están delante, separadas por comas: IP, CIDR o loopback. Se cree su X-Forwarded-For al contar por dirección los intentos de iniciar sesión.',
      LOG_LEVEL:
        'debug, info, warn, error o silent. Ninguna línea del registro contiene datos de salud, un token ni una cadena de consulta.',
    },
  },
};
