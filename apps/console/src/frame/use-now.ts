import { useEffect, useState } from 'react';

/** The current time, again every second while something on the page counts it. */
export function useNow(isCounting: boolean): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (!isCounting) return;
    const timer = window.setInterval(() => setNow(new Date()), 1000);
    return () => window.clearInterval(timer);
  }, [isCounting]);
  return now;
}
