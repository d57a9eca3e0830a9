import type { WebMessages } from '../../en/web.ts';

export const errors: WebMessages['errors'] = {
  blank: 'Este campo es obligatorio.',
  'too-long': ({ most }) => `Escriba ${most} caracteres como máximo.`,
  'not-plain': 'Use solo caracteres visibles, sin caracteres de control.',
  'name-missing': 'Escriba un nombre para la aplicación.',
  'name-too-long': ({ most }) => `El nombre puede tener ${most} caracteres como máximo.`,
  'name-not-plain': 'El nombre solo puede contener caracteres visibles.',
  'name-without-letter': 'El nombre debe contener una letra o un número.',
  'alphabets-mixed': 'El nombre no puede mezclar alfabetos dentro de una palabra.',
  'name-imitates': ({ like }) => `Este nombre se parece a «${like}». Elija otro nombre.`,
  'developer-missing':
    'La aplicación no tiene nombre de desarrollador, así que no se puede verificar al desarrollador.',
  'description-not-plain': 'La descripción solo puede contener caracteres visibles.',
  'page-address': 'Escriba una URL completa que empiece con https://, sin nombre de usuario ni contraseña.',
  'logo-refused':
    'Esta imagen no se puede usar. Elija un PNG, JPEG o WebP sin animación, de menos de 200 KB y de 2000 por 2000 píxeles como máximo.',
  'kind-fixed': 'El tipo de una aplicación no se puede cambiar. Registre una aplicación nueva.',
  'apis-missing': 'Seleccione al menos una API.',
  'scopes-missing': 'Seleccione al menos un permiso (scope).',
  'scopes-unknown': ({ scopes }) => `Permisos (scopes) desconocidos: ${scopes}.`,
  'scopes-too-long': ({ most }) => `Los permisos (scopes) pueden tener ${most} caracteres en total como máximo.`,
  'scopes-too-granular': ({ most }) =>
    `Una aplicación puede registrar ${most} permisos con filtro como máximo. Combine valores en un permiso: ?category=a,b.`,
  'scopes-need-person': ({ scopes }) => `En una aplicación de servidor nadie inicia sesión. Quite: ${scopes}.`,
  'scopes-not-read': ({ scopes }) =>
    `Un permiso debe permitir leer (r) o buscar (s). Solo las aplicaciones de servidor pueden escribir, y solo con permisos para tipos completos. Quite: ${scopes}.`,
  'scopes-not-system': ({ scopes }) =>
    `Una aplicación de servidor solo puede tener permisos system/. Quite: ${scopes}.`,
  'scopes-for-backend': ({ scopes }) =>
    `Los permisos system/ son solo para aplicaciones de servidor. Quite: ${scopes}.`,
  'scopes-for-staff': ({ scopes }) => `Los permisos user/ son solo para aplicaciones de personal. Quite: ${scopes}.`,
  'redirects-missing': 'Escriba al menos una URI de redirección.',
  'redirects-too-many': ({ most }) => `Una aplicación puede tener ${most} URI de redirección como máximo.`,
  'redirects-of-backend': 'En una aplicación de servidor nadie inicia sesión. Quite la URI de redirección.',
  'address-too-long': ({ most }) => `Una URL puede tener ${most} caracteres como máximo.`,
  'address-not-absolute': ({ address }) =>
    `${address} no es una URL completa. Debe empezar con https:// o con un esquema propio.`,
  'address-with-fragment': ({ address }) => `${address} no puede tener un fragmento (#…).`,
  'address-not-ascii': ({ address }) =>
    `${address} debe ser ASCII simple, sin espacios ni barras invertidas. Escriba los demás caracteres como %XX.`,
  'address-not-exact': ({ address }) => `${address} debe ser una URL exacta, sin comas ni comodines.`,
  'address-with-credentials': ({ address }) => `${address} no puede contener un nombre de usuario ni una contraseña.`,
  'address-without-host': ({ address }) => `${address} debe tener // y un servidor después del esquema.`,
  'address-not-https': ({ address }) => `${address} debe usar https. http es solo para localhost.`,
  'address-of-no-domain': ({ address }) =>
    `${address} debe usar https o un esquema propio como com.example.app:/callback.`,
  'launch-not-https': ({ address }) => `${address} debe usar https.`,
  'launch-not-staff': 'Solo las aplicaciones de personal pueden tener una URL de inicio. Quítela.',
  'keys-not-used': 'Solo las aplicaciones que se autentican con una clave privada tienen claves.',
  'keys-not-once': 'Indique las claves públicas de una sola forma: péguelas o escriba su URL.',
  'keys-no-set': 'El conjunto de claves debe ser un objeto JSON con una lista de claves: {"keys": [...]}.',
  'keys-too-large': 'El conjunto de claves es demasiado grande. Quite todo lo que no sea una clave de firma.',
  'keys-too-deep': 'El conjunto de claves tiene demasiados niveles.',
  'keys-not-text': 'El conjunto de claves contiene caracteres no válidos (NUL o sustitutos sin pareja).',
  'keys-private':
    'El conjunto contiene una clave privada o secreta. Considere comprometida esa clave. Cree una clave nueva e indique solo su parte pública.',
  'keys-unusable':
    'El conjunto no tiene ninguna clave utilizable. Agregue una clave RSA de al menos 2048 bits (RS384) o una clave EC en P-384 (ES384), con un "kid".',
  'key-address-not-https': ({ address }) => `${address} debe usar https.`,
  'backend-without-keys': 'Una aplicación de servidor debe autenticarse con una clave. Agregue sus claves públicas.',
  'introspection-without-proof': 'Una aplicación que puede consultar tokens debe autenticarse. No puede ser pública.',
  'no-sandbox':
    'Una aplicación de servidor empieza en el entorno de prueba, y este servidor no lo tiene. Pida a sus administradores que registren la aplicación.',
  'practices-missing': 'Seleccione al menos un consultorio para una aplicación de servidor.',
  'practices-not-backend': 'Solo las aplicaciones de servidor pueden tener consultorios.',
  'group-name-taken': 'El consultorio ya tiene un grupo con este nombre.',
  'group-of-everyone': 'Este grupo incluye a todos los pacientes. No se pueden agregar ni quitar pacientes.',
  'patients-unknown': ({ patients }) =>
    `El consultorio no tiene pacientes con estos identificadores: ${patients}. No se cambió nada.`,
  'question-unknown': 'Esta pregunta no existe.',
  'answer-unknown': ({ answers }) => `Elija una de estas respuestas: ${answers}.`,
  'fetch-not-https': 'La URL debe usar https.',
  'fetch-not-public': 'La dirección del servidor no es pública.',
  'fetch-no-host': 'El nombre del servidor no existe. Revise cómo está escrito.',
  'fetch-no-dns': 'El nombre del servidor no se puede consultar en este momento. Inténtelo más tarde.',
  'fetch-redirects': 'La URL redirige. Las redirecciones no se siguen.',
  'fetch-status': ({ status }) => `El servidor respondió con el estado ${status}.`,
  'fetch-too-large': ({ kilobytes }) => `La respuesta ocupa más de ${kilobytes} KB.`,
  'fetch-too-slow': ({ seconds }) => `El servidor no respondió en ${seconds} s.`,
  'fetch-unreachable': 'No se puede llegar al servidor.',
  'fetch-failed': ({ reason }) => `No se puede llegar al servidor (${reason}).`,
  'fetch-no-json': 'La respuesta no es JSON válido.',
};
