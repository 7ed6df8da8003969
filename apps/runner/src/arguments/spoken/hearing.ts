import type { Speech } from '@patchbay/contracts/agents';
import type { Hearing } from './reading.ts';
import { VOCABULARIES } from './vocabulary.ts';

export function hearingOf({ language, region, timeZone }: Speech, now = new Date()): Hearing {
  return { words: VOCABULARIES[language], region, timeZone, now };
}
