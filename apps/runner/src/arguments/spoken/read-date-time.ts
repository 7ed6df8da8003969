import { Temporal } from 'temporal-polyfill';
import type { DayPart } from './language.ts';
import { splitCompounds } from './number-words.ts';
import { takePhrase } from './phrase.ts';
import { countAt, dateIn, today, writtenDate, type DateRead } from './read-date.ts';
import { onlyTime, timeInPart, type TimeRead } from './read-time.ts';
import type { Hearing, Reading } from './reading.ts';
import { matchTemplate } from './template.ts';
import { wordsOf } from './words.ts';

const LOCAL_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?$/;
const LEADING_DATE = /^(\d{4}-\d\d-\d\d|\d{1,2}[/.-]\d{1,2}[/.-]\d{4})\b/;
/** Until then "night" is of the day before to some, of the new day to others. */
const SMALL_HOURS = 300;

/** "tomorrow at noon", "2027-03-04T17:00" in the time of the agent's zone; becomes RFC 3339 with the offset of that day. */
export function readDateTime(spoken: string, hearing: Hearing): Reading | undefined {
  const text = spoken.trim();
  if (LOCAL_TIME.test(text)) return fromLocal(text, hearing.timeZone);
  const written = LEADING_DATE.exec(text)?.[1];
  const words = wordsOf(written ? text.slice(written.length) : text);
  const soon = written ? undefined : fromNow(words, hearing);
  if (soon) return soon;
  const taken = takePhrase(hearing.words.dayParts, words);
  const said = writtenDate(written ?? '', hearing) ?? dayOf(taken?.means, hearing);
  return combine(taken?.rest ?? words, { said, part: taken?.means }, hearing);
}

function combine(words: string[], { said, part }: { said: DateRead | undefined; part: DayPart | undefined }, hearing: Hearing): Reading | undefined {
  const time = timeInPart(words, part, hearing.words);
  if (said && time) return at(said, time, hearing);
  for (let split = 1; split < words.length; split++) {
    const [head, tail] = [words.slice(0, split), words.slice(split)];
    const read = pair(head, tail, part, hearing) ?? pair(tail, head, part, hearing);
    if (read) return read;
  }
  if (time) return { problem: 'has no date: ask the caller on which day' };
  return said || dateIn(words, hearing) ? { problem: 'has no time: ask the caller at what time' } : undefined;
}

function pair(dateWords: string[], timeWords: string[], part: DayPart | undefined, hearing: Hearing): Reading | undefined {
  const date = dateIn(dateWords, hearing);
  const time = date && timeInPart(timeWords, part, hearing.words);
  return date && time && at(date, time, hearing);
}

function at(read: DateRead, time: TimeRead, { timeZone }: Hearing): Reading {
  if ('problem' in read) return read;
  const clock = onlyTime(time);
  if ('problem' in clock) return clock;
  const isNight = time.part !== undefined && time.part.ranges.length > 1 && time.minutes[0]! < SMALL_HOURS;
  if (time.isMidnight || isNight) return { problem: 'is ambiguous: ask the caller for the date on which that night begins, then give date and time' };
  return fromLocal(`${read.date.toString()}T${clock.value}`, timeZone);
}

function dayOf(part: DayPart | undefined, hearing: Hearing): DateRead | undefined {
  return part?.day === undefined ? undefined : { date: today(hearing).add({ days: part.day }) };
}

function fromNow(spokenWords: string[], { words: language, now, timeZone }: Hearing): Reading | undefined {
  const words = splitCompounds(spokenWords, language);
  for (const { template, minutes } of language.later) {
    const slots = matchTemplate(template, words, { count: (all, from) => countAt(all, from, language) });
    if (!slots) continue;
    const then = Temporal.Instant.fromEpochMilliseconds(now.getTime()).add({ minutes: minutes * (slots['count'] ?? 1) });
    return { value: withOffset(then.toZonedDateTimeISO(timeZone).round('minute')) };
  }
  return undefined;
}

function fromLocal(text: string, timeZone: string): Reading {
  try {
    const local = Temporal.PlainDateTime.from(text);
    const [earlier, later] = (['earlier', 'later'] as const).map((disambiguation) => local.toZonedDateTime(timeZone, { disambiguation }));
    if (earlier!.equals(later!)) return { value: withOffset(earlier!) };
    return earlier!.toPlainDateTime().equals(local)
      ? { problem: `happens twice that day, when the clocks go back: give it as ${withOffset(earlier!)} or ${withOffset(later!)}` }
      : { problem: 'does not exist on that day, when the clocks go forward: ask the caller for another time' };
  } catch (error) {
    if (error instanceof RangeError) return { problem: 'is a date or time that does not exist: ask the caller again' };
    throw error;
  }
}

function withOffset(time: Temporal.ZonedDateTime): string {
  return time.toString({ timeZoneName: 'never', smallestUnit: 'second' });
}
