const OBJECTS = ['lo', 'la', 'los', 'las', 'me', 'nos', 'melo', 'mela', 'melos', 'melas', 'noslo', 'nosla', 'noslos', 'noslas', 'selo', 'sela', 'selos', 'selas'];
/** Written before "e", the last letter of these stems changes. */
const BEFORE_E: ReadonlyArray<[string, string]> = [['c', 'qu'], ['g', 'gu'], ['z', 'c']];

/**
 * How one tells somebody to do it: `reservar` is "reserve", "resérvelo", "resérvamelo" and, behind "puede", "reservarlo". Irregular verbs
 * bring their polite and their familiar form: `hacer haga haz`. Without accents, because transcripts drop them.
 */
export function spanishOrders(verbs: string): { bare: string; withObject: string; infinitives: string } {
  const forms = verbs.split(',').map((verb) => formsOf(verb.trim()));
  return {
    bare: forms.map(({ polite }) => polite).join(', '),
    withObject: forms.flatMap(({ polite, familiar }) => [polite, familiar].flatMap((form) => OBJECTS.map((object) => form + object))).join(', '),
    infinitives: forms.flatMap(({ infinitive }) => OBJECTS.map((object) => infinitive + object)).join(', '),
  };
}

function formsOf(verb: string): { infinitive: string; polite: string; familiar: string } {
  const [infinitive = '', polite, familiar] = verb.split(' ');
  const stem = infinitive.slice(0, -2);
  if (polite && familiar) return { infinitive, polite, familiar };
  if (!infinitive.endsWith('ar')) return { infinitive, polite: `${stem}a`, familiar: `${stem}e` };
  const changed = BEFORE_E.find(([end]) => stem.endsWith(end));
  return { infinitive, polite: changed ? `${stem.slice(0, -1)}${changed[1]}e` : `${stem}e`, familiar: `${stem}a` };
}
