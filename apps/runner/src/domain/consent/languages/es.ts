import type { ConsentLanguage } from '../consent-language.ts';
import { spanishAnswers } from './es-answers.ts';
import { spanishOrders } from './es-orders.ts';
import { spanishQuestions } from './es-questions.ts';
import { spanishTopics } from './es-topics.ts';

const ORDERS = spanishOrders(`reservar, confirmar, enviar envie envia, mandar, pagar, comprar, transferir transfiera transfiere, agendar,
  programar, pedir pida pide, hacer haga haz, registrar, apuntar, anotar, completar, procesar, finalizar, autorizar, tramitar, gestionar,
  alquilar, rentar, reproducir reproduzca reproduce, poner ponga pon, ordenar, solicitar, realizar, compartir, encargar, tocar, contratar,
  pasar, guardar, activar, bloquear, renovar renueve renueva, cobrar, cargar, tomar, llevar, entregar, asignar, emitir, abonar,
  depositar, retirar, firmar, validar, aplicar, crear, abrir, inscribir, surtir, traer traiga trae, preparar, facturar, liquidar, ingresar,
  domiciliar, grabar, instalar, recoger recoja recoge, conectar, prorrogar, imprimir, subir, meter, echar, asegurar, apartar, separar, marcar,
  ejecutar, concretar, formalizar, cerrar cierre cierra`);
const CHANGES = spanishOrders(`cambiar, modificar, actualizar, mover mueva mueve, corregir corrija corrige, reprogramar, aplazar, adelantar,
  sustituir sustituya sustituye, reemplazar`);
const ENDINGS = spanishOrders(`cancelar, anular, eliminar, borrar, suspender, quitar`);

export const spanish: ConsentLanguage = {
  spellings: { ok: 'okay', okey: 'okay', oka: 'okay', pa: 'para', q: 'que', xq: 'por qué', grax: 'gracias', del: 'de el', al: 'a el', aja: 'ajá', sip: 'sí', sipi: 'sí',},
  phrases: {
    ...spanishAnswers,
    ...spanishQuestions,
    ...spanishTopics,
    proceeds: `${spanishAnswers.proceeds}, ${ORDERS.withObject}, ${ORDERS.infinitives}`,
    stops: `${spanishAnswers.stops}, ${ENDINGS.withObject}, ${ENDINGS.infinitives}`,
    changes: `${spanishAnswers.changes}, ${CHANGES.withObject}, ${CHANGES.infinitives}`,
  },
  orders: { verbs: 'puede, puedes, podría, podrías', objects: 'reservar, reservarlo, reservarla, hacerlo, hacerla, hacer la reserva, confirmar, confirmarlo, confirmarla, enviarlo, enviarla, mandarlo, agendarlo, agendarla, comprarlo, pagarlo, continuar, seguir', please: 'por favor reserve, por favor confirme, por favor proceda, por favor hágalo, sí por favor' },
  questions: { openers: '', strong: 'dan comida, cobran, aceptan, hay que, hay estacionamiento, tengo que, cuánto, cuánto cuesta, cuánto es, cuánto tarda, cuánto tiempo, a qué hora, cuándo, dónde está, me puede decir, me podría decir, dónde', words: 'qué, cuál, cuáles, quién, quiénes, cuándo, dónde, cuánto, cuánta, cuántos, cuántas, cuánto tiempo, cómo', verbs: 'cobran, dan, cierran, abren, llegan, salen, incluyen, es, está, son, hay, tiene, tienen, puedo, se, incluye, aceptan, queda, llega, sale', subjects: 'usted, ellos, ahí, allí' },
  articles: {
    definite: 'el, la, los, las, ese, esa, esos, esas, este, esta, estos, estas, mi, mis, su, sus, nuestro, nuestra, todo, toda',
    indefinite: 'un, una, unos, unas, y, también, con, en, por, a, de, desde, o, como',
  },
  prepositions: 'para, a, de, desde, con, en, por, hasta, hacia',
  senses: 'suena, parece, luce',
  demonstratives: 'ese, esa, esos, esas, este, esta, estos, estas',
  thanks: 'gracias, muchas',
  conditions: 'si',
  movings: { verbs: `cambiar, cambio, cambie, cambia, mover, muevo, actualizar, actualizo, pasar, pasamos, ${CHANGES.withObject}, ${CHANGES.infinitives}`, phrases: 'en lugar de, en vez de, mejor, me viene mejor, me va mejor, nos viene mejor, nos va mejor, el cambio, cambios' },
  fondness: 'encanta, gusta, adoro, amo, conozco',
  keeps: 'déjela, déjelo, deje, conservar, conserve, consérvela, consérvelo, mantener, mantenga, manténgala, dejar, quedarme',
  assents: { words: 'okay, vale', askedWith: 'confirm, verifi' },
  settles: 'entonces, será, será entonces, quedamos',
  thinking: 'le escucho, aquí estoy, sigo aquí, sí le escucho, a ver, déjeme ver, déjame ver, mmm, hmm, hm, a ver a ver, déjeme pensar',
  limits: 'solo, sólo, solamente, únicamente, un solo, una sola, nada más',
  endings: `cancelar, cancele, cancela, anular, anule, eliminar, elimine, borrar, borre, suspender, suspenda, terminar, desactivar, baja, ${ENDINGS.withObject}, ${ENDINGS.infinitives}`,
  allowances: 'si, hasta, gratis, gratuita, gratuitamente, puede, podrá, puedes',
  happenings: {
    subjects: 'el lunes, el martes, el miércoles, el jueves, el viernes, el sábado, el domingo, me, ya, siempre, los lunes, los martes, los miércoles, los jueves, los viernes, los sábados, los domingos, ya, me, me la, me lo, se me, la, lo, lo había, la había, nos, nos la, nos lo, ya la, ya lo, yo la, yo lo, es que me, es que la, es que lo, ayer',
    verbs: 'acabó, acabaron, terminó, funciona desde, se cayó, se fue, han hablado, han dicho, ha ayudado, ha ayudado mucho, han recomendado, he ido, hemos ido, he estado, libro, no libro, trabajo desde, estoy en, descanso, no trabajo, robaron, perdí, perdió, perdieron, rompió, cayó, mudé, mudamos, olvidé, olvidó, cambié de casa, venció, caducó, dañó, clonaron, hackearon, quitaron, habían recomendado, recomendaron, dijeron que era, esperaba desde, buscaba desde, necesitaba desde, casé, gradué, jubilé, enfermé, pasó',
  },
  comparisons: {
    adjectives: 'más barato, más barata, más cerca, más rápido, más temprano, mejor, más económico, menos, más bonito, más fácil',
    tails: 'de lo que pensaba, de lo que creía, de lo que esperaba, de lo que imaginaba, de lo esperado, que la última vez, que la otra vez, que antes, que el otro, de lo que pensé, de lo que creí',
  },
  intents: 'voy a, vamos a',
  particles: '',
  names: 'trabajo, doctor, doctora, señor, señora, señorita, joven, caballero, amigo, amiga, hermano, hermana, jefe, jefa, tío, hombre, mujer, colega, compadre, don, doña, licenciado, mijo, mija, ángel, rosa, sol, paz, cruz, rey, reina',
  askedValues: {
    origins: 'publicada, publicado, estrenada, estrenado, estrenó, salió, lanzada, lanzado, grabada, grabado, año',
    ago: 'años',
    measures: 'estrellas, estrella, minutos, minuto, kilómetros, kilómetro, cuadras, grados, baños, baño, dormitorios, dormitorio, recámaras, recámara, pisos',
    having: 'tiene, tienen, hay, cuenta con',
    prices: 'cuánto, cuanto, precio, cuesta, cuestan',
    one: 'un, una, uno',
  },
  wants: {
    verbs: 'quiero, queremos, necesito, necesitamos, deseo, llevo, llevamos, con, hace, falta, me, nos, tomar',
    determiners: 'la, el, los, las, un, una, ningún, ninguna, más, extra, adicional',
  },
  noNegates: true,
  values: {
    numbers: { cero: 0, uno: 1, dos: 2, tres: 3, cuatro: 4, cinco: 5, seis: 6, siete: 7, ocho: 8, nueve: 9, diez: 10, once: 11, doce: 12, trece: 13, catorce: 14, quince: 15, dieciséis: 16, diecisiete: 17, dieciocho: 18, diecinueve: 19, veinte: 20, veintiuno: 21, veintidós: 22, veintitrés: 23, veinticuatro: 24, veinticinco: 25, veintiséis: 26, veintisiete: 27, veintiocho: 28, veintinueve: 29, veintiún: 21, treinta: 30, cuarenta: 40, cincuenta: 50, sesenta: 60, setenta: 70, ochenta: 80, noventa: 90, cien: 100, ciento: 100, doscientos: 200, trescientos: 300, cuatrocientos: 400, quinientos: 500, seiscientos: 600, setecientos: 700, ochocientos: 800, novecientos: 900, doscientas: 200, trescientas: 300, cuatrocientas: 400, quinientas: 500, mil: 1000 },
    ordinals: { primer: 1, segundo: 2, segunda: 2, tercero: 3, tercera: 3, cuarto: 4, cuarta: 4, quinto: 5 },
    weekdays: 'domingo, lunes, martes, miércoles miercoles, jueves, viernes, sábado sabado',
    months: 'enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre setiembre, octubre, noviembre, diciembre',
    relative: 'hoy, mañana, anoche, ayer, mediodía, medianoche, tarde, noche, semana, fin, mes, ambos, ambas, media, docena, par, doble, sencilla, individual, temprano',
    timeBefore: 'las, la', beforeMonths: 'de', dayBefore: 'el, día', timeAfter: 'am, pm, horas, h, hs',
    minutesBefore: {}, minutesAfter: { 'y diez': 10, 'y veinte': 20, 'y cinco': 5, 'menos diez': -10, 'menos veinte': -20, 'menos cinco': -5, 'y media': 30, 'y cuarto': 15, 'menos cuarto': -15, 'y quince': 15 },
    halves: { 'de la mañana': 'am', 'por la mañana': 'am', 'de la madrugada': 'am', 'de la tarde': 'pm 12 21', 'por la tarde': 'pm 12 21', 'de la noche': 'pm 19 24', 'en la noche': 'pm 19 24', 'en la tarde': 'pm 12 21', 'en la mañana': 'am', 'por la noche': 'pm 19 24', am: 'am', pm: 'pm' }, units: 'persona personas pasajeros adultos comensales huéspedes, boletos boleto billetes billete entradas entrada, noches noche, habitaciones habitación, euros euro, dólares dólar, horas hora, días día', peopleAfter: 'de nosotros, de nosotras', countBefore: 'para, con, somos',
    past: 'días, semanas, meses, años, horas, ayer, anoche, hoy, semana, mes, noche, tarde, fin',
    totals: 'en total, total, todo junto',
    distributive: 'cada uno, cada una, por persona, por cabeza, por noche, por día, por boleto, a el mes, por mes, mensuales, mensual, cada mes',
    sameAs: {},
    pronouns: '',
    pointers: '',
    twos: 'ambos, ambas',
    is24h: false,
    ones: 'un, una',
    zeros: '',
    joins: 'y',
    choices: ['vender vendo venda vendido venta, comprar compro compre comprado compra', 'domicilio entrega entregar reparto, recoger recojo recogerla recogerlo paso recogida', 'adentro dentro interior, afuera fuera exterior terraza', 'euros euro €, dólares dólar $, pesos peso $, soles sol, libras £', 'corriente cheques, ahorros ahorro, nómina', 'turista económica, ejecutiva business, primera', 'pequeña pequeño chica chico, mediana mediano, grande', 'calle, avenida, plaza, carretera', 'efectivo, tarjeta, paypal, bizum', 'desayuno, comida almuerzo, cena', 'mensual, semanal, anual, diario'],
    alone: 'solo yo, sólo yo, solo para mí, sólo para mí',
    directions: 'de, desde, a, hasta, hacia',
  },
};
