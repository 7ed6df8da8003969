import { useCallback, useMemo, useRef, useState } from 'react';
import { useAccess } from '../gateway/access.ts';
import type { Problem } from '../gateway/problem.ts';
import { read } from '../gateway/read.ts';
import { useResource } from '../gateway/use-resource.ts';
import { completed, isSettled, type Timeline } from './timeline.ts';

/** The most that the API answers at once. */
const PAGE_ENTRIES = 500;

interface Pages extends Timeline {
  count: number;
}

export interface ShownTimeline {
  timeline: Timeline | null;
  problem: Problem | null;
  /** Reads one page more; null when there is none, or it is being read. */
  showMore: (() => void) | null;
}

const mayChange = (timeline: Timeline) => !isSettled(timeline, Date.now());

/** A call from its beginning, as many pages of it as were asked for. */
export function useTimeline(sessionId: string): ShownTimeline {
  const { apiKey } = useAccess();
  const [wanted, setWanted] = useState(1);
  /** Pages in which nothing can change any more, by path. */
  const settled = useRef(new Map<string, Timeline>());
  const load = useCallback(
    async (path: string, key: string | null, stopped: AbortSignal) => {
      const readPage = async (query: string): Promise<Timeline> => {
        const known = settled.current.get(path + query);
        if (known) return known;
        const page = completed(JSON.parse(await read(path + query, key, stopped)) as Timeline);
        if (!mayChange(page)) settled.current.set(path + query, page);
        return page;
      };
      return JSON.stringify(await readPages(wanted, readPage));
    },
    [wanted],
  );
  const path = `/v1/sessions/${sessionId}/timeline`;
  const { data, problem } = useResource<Pages>({ path, apiKey, isChanging: mayChange, load });
  const isReading = data !== null && data.count < wanted && !problem;
  const canShowMore = data !== null && data.next !== null && !isReading;
  const showMore = useMemo(() => (canShowMore ? () => setWanted(data.count + 1) : null), [canShowMore, data]);
  return { timeline: data, problem, showMore };
}

async function readPages(wanted: number, readPage: (query: string) => Promise<Timeline>): Promise<Pages> {
  let pages: Pages = { ...(await readPage(`?limit=${PAGE_ENTRIES}`)), count: 1 };
  while (pages.next !== null && pages.count < wanted) {
    const page = await readPage(`?${new URLSearchParams({ limit: String(PAGE_ENTRIES), after: pages.next })}`);
    pages = { ...page, entries: [...pages.entries, ...page.entries], count: pages.count + 1 };
  }
  return pages;
}
