import type { AdminWebMessages } from '../../en/admin-web.ts';
import { counts } from '../counts.ts';
import { formatNumber, plural } from '../plural.ts';
import { terms } from '../terms.ts';
import { auditEvents } from './audit-events.ts';

export const operations: AdminWebMessages['operations'] = {
  audit: {
    title: 'Registro de auditoría',
    lead: 'Quién hizo qué y cuándo, y con qué resultado. Aquí no se muestra la identidad de los pacientes. Los responsables de privacidad la ven en su consultorio.',
    kind: 'Tipo de evento',
    anyKind: 'Todos los tipos',
    outcome: 'Resultado',
    any: 'Todos',
    success: 'Correcto',
    failure: 'Fallido',
    app: terms.app,
    appHint: 'Nombre o client_id',
    account: 'Persona',
    accountHint: 'Nombre, correo o identificador',
    request: 'Identificador de la solicitud',
    from: 'Desde',
    to: 'Hasta',
    search: terms.search,
    clear: 'Quitar los filtros',
    export: 'Descargar como CSV',
    older: 'Eventos anteriores',
    searchedTo: (time) =>
      `Se buscó hasta ${time}. Puede haber eventos anteriores que coincidan: siga con «Eventos anteriores».`,
    newest: 'Eventos más recientes',
    none: {
      title: 'Sin eventos',
      text: 'Ningún evento coincide con estos filtros. Elija otras fechas o quite un filtro.',
    },
    archived: {
      title: 'Algunos de estos eventos solo están en el archivo histórico',
      text: (from: string, to: string) =>
        `Los eventos del ${from} al ${to} ya no están en la base de datos. Esta lista y la descarga no los incluyen. Un operador puede buscarlos en el servidor con este comando:`,
    },
    utc: 'Las fechas están en UTC.',
    events: auditEvents,
  },
  keys: {
    title: 'Claves de firma',
    lead: 'Este servidor firma los ID tokens con estas claves. Las aplicaciones obtienen las claves públicas de',
    alg: 'Algoritmo',
    from: 'Firma desde',
    state: 'Estado',
    signs: 'Activa',
    next: 'Siguiente',
    kept: 'Retirada, aún publicada',
    over: 'Vencida',
    rotate: 'Rotar las claves',
    leaked: 'Reemplazar claves filtradas',
    rotateText:
      'Las claves nuevas se publican ahora y empiezan a firmar en 10 minutos. No hace falta reiniciar. Las claves anteriores siguen publicadas hasta que venzan los tokens que firmaron. Las aplicaciones no se ven afectadas.',
    leakedText:
      'Las claves nuevas empiezan a firmar ahora y todas las anteriores se eliminan ahora. Los ID tokens firmados con las claves anteriores dejan de ser válidos. Las aplicaciones pueden conservar las claves anteriores hasta 5 minutos. Hágalo solo después de una filtración.',
    createdCount: (count) =>
      plural(count, {
        one: 'Se creó 1 clave nueva.',
        many: `Se crearon ${formatNumber(count)} de claves nuevas.`,
        other: `Se crearon ${formatNumber(count)} claves nuevas.`,
      }),
    removedCount: (count) =>
      plural(count, {
        one: 'Se eliminó 1 clave anterior.',
        many: `Se eliminaron ${formatNumber(count)} de claves anteriores.`,
        other: `Se eliminaron ${formatNumber(count)} claves anteriores.`,
      }),
  },
  jobs: {
    title: 'Trabajos en segundo plano',
    lead: 'Los correos, las exportaciones, las invitaciones masivas y la limpieza se ejecutan en colas. Si un trabajo falla, se vuelve a intentar o lo reemplaza la siguiente ejecución. Cada fila indica durante cuánto tiempo su cola muestra los trabajos fallidos.',
    healthy: 'Los trabajos en segundo plano funcionan bien.',
    see: 'Ver los trabajos',
    attention: 'Los trabajos en segundo plano necesitan atención',
    waiting: (queue, count, since) => `${queue}: ${counts.jobs(count)} en espera; el más antiguo, desde ${since}`,
    failedIn: (queue, count, hours) =>
      `${queue}: ${counts.jobs(count)} ${plural(count, { one: 'falló', many: 'fallaron', other: 'fallaron' })} en ${hours === 1 ? 'la última hora' : `las últimas ${counts.hours(hours)}`}`,
    failures: 'Trabajos fallidos',
    queues: {
      email: 'Correo electrónico',
      export: 'Exportaciones masivas',
      'bulk-invitation': 'Invitaciones masivas',
      'publish-brands': 'Lista de consultorios para aplicaciones',
      'upgrade-records': 'Actualización de expedientes tras una versión nueva',
      'audit-archive': 'Registro de auditoría: sello y archivo',
      maintenance: 'Tareas programadas',
    },
    queue: 'Cola',
    ready: 'Listos',
    running: 'En curso',
    later: 'Programados',
    failed: 'Fallidos',
    failedWithin: (count, hours) => `${formatNumber(count)} en ${counts.hours(hours)}`,
    task: 'Tarea',
    last: 'Última ejecución',
    next: 'Próxima ejecución',
  },
  settings: {
    title: 'Configuración',
    lead: 'La configuración con la que funciona este servidor. Para cambiar una opción, cambie su variable de entorno y reinicie el servidor.',
    name: 'Opción',
    value: 'Valor actual',
    meaning: 'Descripción',
    notSet: 'sin definir',
    hidden: 'definida (secreta, no se muestra)',
    usual: 'predeterminado',
    meanings: {
      PORT: 'Puerto en el que escucha el servidor.',
      HOST: 'Dirección en la que escucha el servidor. Con 0.0.0.0 escucha en todas las redes de esta máquina; en ese caso, defina también PUBLIC_URL.',
      PUBLIC_URL: 'El origen público: esquema, host y puerto, sin ruta. Debe ser https, salvo en localhost.',
      PREFIX: 'Ruta del servidor de autorización y de las dos API de FHIR.',
      DATA_DIR: 'Carpeta de la base de datos incorporada. No se usa con DATABASE_URL.',
      DATABASE_URL:
        'Un PostgreSQL propio (15 o más nuevo), en lugar del incorporado. Con varios hosts, postgresql://user:password@host1:5432,host2:5432/database?target_session_attrs=read-write, el servidor usa el host que acepta escrituras, también después de un cambio de servidor principal.',
      MIGRATION_DATABASE_URL:
        'La misma base de datos con el rol que es dueño de las tablas. Actualiza el esquema y da sus permisos al rol de DATABASE_URL (docs/operating.md). Sin ella, el rol de DATABASE_URL hace todo.',
      ENCRYPTION_KEY_FILE:
        'Archivo con la clave que cifra en la base de datos las claves de firma, los secretos de las aplicaciones de códigos y los correos. Lo crea patient-access keys create-encryption FILE. Todos los procesos necesitan la misma clave. La base de datos incorporada tiene una propia, encryption-key en DATA_DIR, que crea el primer inicio. Una instalación nueva con DATABASE_URL y un PUBLIC_URL que no está en esta máquina necesita una clave (docs/encryption.md).',
      ENCRYPTION_KEY_PROGRAM:
        'Programa que cifra con una clave de un módulo de hardware o de un servicio de claves, en lugar de una clave en un archivo. Si se definen los dos, las claves del archivo todavía pueden descifrar (docs/encryption.md).',
      DATABASE_POOL:
        'Máximo de conexiones en el grupo de un proceso, también de cada proceso de WORKERS: de 2 a 200. Cada proceso abre hasta tres más: para el registro de auditoría, para las lecturas por id y para /readyz.',
      STATEMENT_TIMEOUT_SECONDS:
        'Segundos después de los cuales PostgreSQL cancela una instrucción del servidor: de 1 a 600. Las migraciones no tienen límite. Con PgBouncer, defínalo también para el rol (docs/operating.md).',
      SANDBOX:
        'off desactiva el consultorio de prueba, sus pacientes, la aplicación de demostración y la del explorador de la API. Si PUBLIC_URL no está en esta máquina, no hay valor predeterminado: defina on u off, porque las contraseñas de prueba son públicas.',
      PROVISIONAL_APPS:
        'Qué puede hacer una aplicación antes de que se apruebe. sandbox: acceder a los consultorios de prueba; inactive: nada.',
      PATIENT_APP_REVIEW:
        'Quién aprueba las aplicaciones de pacientes. manual: un administrador; automatic: el propio servidor, si el desarrollador está verificado y la aplicación solo pide permisos de pacientes.',
      DYNAMIC_REGISTRATION:
        'Si las aplicaciones pueden registrarse solas (RFC 7591). off: no; sandbox: como provisionales; open: como activas, sin aprobación.',
      AUTHORIZATION_RESPONSE_ISS:
        'on agrega iss a las respuestas de autorización (RFC 9207). Protege contra ataques de confusión a las aplicaciones que usan varios servidores. En ese caso, las aplicaciones de una sola página hechas con fhirclient 2.6 fallan en el segundo inicio de sesión (docs/decisions/041).',
      TRUSTED_JWKS_HOSTS:
        'Hosts de los que el servidor puede obtener las claves de una aplicación por http o en una red privada, separados por comas: host o host:puerto. Los demás hosts necesitan https y una dirección pública.',
      SENSITIVE_LABELS:
        'Un archivo JSON: [{"system": …, "code": …, "label": {"en": …, "es": …}, "basis": {"en": …, "es": …}}, …]. La aplicación de un paciente recibe entradas con una de estas etiquetas (meta.security, o securityLabel de un documento) solo si el paciente marca esa etiqueta en la página de permisos, que muestra el fundamento legal.',
      CONSUMER_NAMES:
        'Un archivo JSON con nombres sencillos de términos médicos: [{"system": …, "code": …, "language": …, "name": …}, …]. Los pacientes ven el nombre sencillo y, entre paréntesis, el nombre que envió el consultorio. El servidor no tiene nombres propios de este tipo, porque requieren una licencia.',
      EXPORT_HOURS: 'Horas que se guardan los archivos de una exportación terminada (Bulk Data): de 1 a 168.',
      FHIR_REQUESTS_PER_MINUTE:
        'Solicitudes a las API de FHIR que cada aplicación puede enviar por minuto, de una vez o repartidas: de 60 a 1000000. Cada proceso cuenta por su lado. Un administrador puede fijar otra cantidad para una aplicación.',
      VALIDATION:
        'Validación de los datos cargados o enviados por los sistemas según FHIR R4 y los perfiles que declaran. off: ninguna. warn: los problemas se guardan para patient-access validation issues; solo se rechaza lo que no es JSON de FHIR, como un número en lugar de texto. strict: se rechazan los datos con un error.',
      VALIDATION_GUIDES:
        'Guías de implementación cuyos perfiles conoce la validación, separadas por comas: paquetes (.tgz) o carpetas de archivos JSON. Si varias definen el mismo perfil, vale la última.',
      DSTU2_DEPRECATED:
        'Fecha (UTC) o instante, como 2027-01-31T18:00:00Z, desde el que las aplicaciones deben dejar de usar la API de DSTU2. Las respuestas de DSTU2 lo indican en la cabecera Deprecation (RFC 9745), y también lo indica Conformance.',
      DSTU2_SUNSET:
        'Fin previsto de la API de DSTU2, no anterior a DSTU2_DEPRECATED. Las respuestas de DSTU2 lo indican en la cabecera Sunset (RFC 8594), y también lo indica Conformance. El servidor no apaga la API por sí mismo.',
      PASSWORD_COST:
        'Memoria en KiB y pasadas de argon2id para una contraseña nueva. El mínimo es uno de estos: m=47104,t=1; m=19456,t=2; m=12288,t=3; m=9216,t=4 o m=7168,t=5 (OWASP). Las contraseñas existentes conservan su costo.',
      PRACTICE_NAME: 'Nombre del consultorio real que crea el primer inicio.',
      BRAND_NAME: 'Nombre de la instalación en las páginas que no son de ningún consultorio.',
      SMTP_URL:
        'Servidor de correo: smtp://user:password@host:587, que debe ofrecer STARTTLS si no está en esta máquina, o smtps://…:465. Sin él no se envía ningún correo: los mensajes se quedan en la bandeja de salida, en /outbox.',
      MAIL_FROM: 'Dirección del remitente de los correos. Es obligatoria con SMTP_URL.',
      TRUST_PROXY:
        'Direcciones de los proxies inversos que están delante del servidor, separadas por comas: IP, CIDR o loopback. Los límites de inicio de sesión por dirección usan entonces su cabecera X-Forwarded-For, y los registros tienen el identificador de su cabecera X-Request-Id.',
      METRICS_PORT:
        'Puerto para las métricas de Prometheus en /metrics, en la dirección de HOST. No lo haga público. Sin esta opción ni METRICS_TOKEN, no hay métricas.',
      METRICS_TOKEN:
        'Token Bearer que necesita una solicitud de métricas: de 16 a 200 caracteres visibles. Sin METRICS_PORT, las métricas están en /metrics del propio servidor. Con varios WORKERS, defina también METRICS_PORT.',
      OTEL_EXPORTER_OTLP_ENDPOINT:
        'Dirección de un recolector de OpenTelemetry, como http://collector:4318. El servidor envía trazas a su ruta /v1/traces (OTLP/HTTP, protobuf). Sin esta opción ni OTEL_TRACES_EXPORTER, no hay trazas (docs/monitoring.md).',
      OTEL_EXPORTER_OTLP_HEADERS:
        'Cabeceras de cada envío, como una clave: name=value,name=value, con valores codificados con porcentaje.',
      OTEL_TRACES_EXPORTER:
        'otlp activa las trazas y, sin una dirección, las envía a http://localhost:4318. none las desactiva.',
      OTEL_SERVICE_NAME: 'Nombre de este servidor en las trazas.',
      OTEL_TRACES_SAMPLER:
        'Qué trazas se registran: always_on, always_off o traceidratio. Con el prefijo parentbased_, una traza que inició un proxy de TRUST_PROXY se registra si el proxy la registra.',
      OTEL_TRACES_SAMPLER_ARG:
        'Proporción de las trazas que registran traceidratio y parentbased_traceidratio: de 0 a 1.',
      DRAIN_SECONDS:
        'Segundos durante los que un servidor que debe detenerse todavía responde a solicitudes nuevas, mientras /readyz ya responde 503: de 0 a 600. Indique el tiempo que su balanceador de carga necesita para notarlo.',
      LOG_FORMAT:
        'text imprime al inicio las direcciones y el enlace del primer administrador, y después el registro en líneas JSON. json imprime solo líneas JSON y ningún enlace; cree uno con administrators invite.',
      LOG_LEVEL:
        'debug, info, warn, error o silent. Los registros nunca contienen datos de salud, tokens ni cadenas de consulta.',
    },
  },
};
